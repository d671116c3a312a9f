# SPDX-License-Identifier: EUPL-1.2
# Swedish texts. Each module writes its entries in po/parts/MODULE.po, without
# a header; here they become one catalogue, po/sv.po in the build tree, and
# its compiled form in a tree that TEXTDOMAINDIR can point at.

po_parts = $(wildcard $(srcdir)/po/parts/*.po)
po_mo = po/locale/sv/LC_MESSAGES/enfraga.mo

svmodir = $(localedir)/sv/LC_MESSAGES
nodist_svmo_DATA = $(po_mo)
CLEANFILES += po/sv.po $(po_mo)

po/sv.po: $(srcdir)/po/header.po $(po_parts) $(srcdir)/po/module.mk
	$(AM_V_at)$(MKDIR_P) po
	$(AM_V_GEN)cat $(srcdir)/po/header.po $(po_parts) | \
		$(MSGUNIQ) --use-first --no-wrap --no-location -o $@.tmp - && mv $@.tmp $@

$(po_mo): po/sv.po
	$(AM_V_at)$(MKDIR_P) po/locale/sv/LC_MESSAGES
	$(AM_V_GEN)$(MSGFMT) --check-format -o $@.tmp po/sv.po && mv $@.tmp $@
