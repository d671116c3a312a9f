# SPDX-License-Identifier: EUPL-1.2
dist_man_MANS += doc/enfraga.1 doc/enfragad.8 doc/enfraga.conf.5 \
	doc/enfraga-verifiera.1
dist_doc_DATA = README.md NEWS doc/ARCHITECTURE.md doc/FAULTS.md \
	doc/FORMATS.md

apidir = $(docdir)/api
nodist_api_DATA = $(wildcard $(srcdir)/doc/api/*.yaml)

completiondir = $(datadir)/bash-completion/completions
nodist_completion_DATA = doc/enfraga
CLEANFILES += doc/enfraga

# The sources that can be asked by name; PM is carried by FK.
doc/enfraga: $(srcdir)/doc/enfraga.bash.in $(srcdir)/src/domain/sources.def
	$(AM_V_at)$(MKDIR_P) doc
	$(AM_V_GEN)codes=`$(SED) -n \
	  's/^SOURCE(\([A-Z]*\), *[0-9]*, *"[^"]*", *"[^"]*", *"\1".*/\1/p' \
	  $(srcdir)/src/domain/sources.def | tr '\n' ' '` && test -n "$$codes" && \
	$(SED) "s/@KALLOR@/$${codes% }/" $(srcdir)/doc/enfraga.bash.in >$@.tmp && \
	mv $@.tmp $@
