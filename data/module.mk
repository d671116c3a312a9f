# SPDX-License-Identifier: EUPL-1.2
# What lies in data/ is installed as it lies, so that an installed enfraga and
# one run from the tree (ENFRAGA_DATA) find the same names. Nothing to add here
# for a new file.
install-data-local:
	@cd '$(srcdir)/data' && find . -type f ! -name module.mk | \
	while read -r f; do \
	  $(MKDIR_P) "$(DESTDIR)$(pkgdatadir)/`dirname $$f`" && \
	  (cd '$(abs_builddir)' && $(INSTALL_DATA) "$(abs_srcdir)/data/$$f" \
	    "$(DESTDIR)$(pkgdatadir)/$$f") || exit 1; \
	done

uninstall-local:
	@cd '$(srcdir)/data' && find . -type f ! -name module.mk | \
	while read -r f; do rm -f "$(DESTDIR)$(pkgdatadir)/$$f"; done
	@cd '$(srcdir)/data' && find . -depth -type d | while read -r d; do \
	  rmdir "$(DESTDIR)$(pkgdatadir)/$$d" 2>/dev/null || :; done
