dist_doc_DATA = \
	%D%/README.md \
	%D%/adding.md \
	%D%/architecture.md \
	%D%/comparing.md \
	%D%/documents.md \
	%D%/from-c.md \
	%D%/manual.md \
	%D%/layers.svg \
	%D%/measuring.md \
	%D%/releasing.md \
	%D%/reproduction.md \
	%D%/which-optimizer.md

# The figures of reproduction.md, as many as there are.
EXTRA_DIST += %D%/reproduction
install-data-local:
	$(MKDIR_P) '$(DESTDIR)$(docdir)/reproduction'
	$(INSTALL_DATA) $(srcdir)/doc/reproduction/*.svg '$(DESTDIR)$(docdir)/reproduction'
uninstall-local:
	rm -rf '$(DESTDIR)$(docdir)/reproduction'

EXTRA_DIST += %D%/layers.sh

# The rooms of src/ and which includes which; tests/check-tree.sh compares.
.PHONY: doc/layers.svg
doc/layers.svg:
	sh $(srcdir)/doc/layers.sh > $(srcdir)/doc/layers.svg.part
	mv $(srcdir)/doc/layers.svg.part $(srcdir)/doc/layers.svg

# The reference, from the program's own tables; tests/check-manual.sh compares.
.PHONY: manual
manual: gradus$(EXEEXT)
	./gradus manual > $(srcdir)/doc/manual.md.part
	mv $(srcdir)/doc/manual.md.part $(srcdir)/doc/manual.md

# The same tables as a page for man and as completion for bash.
nodist_man_MANS = gradus.1
bashcompletiondir = $(datadir)/bash-completion/completions
nodist_bashcompletion_DATA = completions/gradus
CLEANFILES += gradus.1 completions/gradus
gradus.1: gradus$(EXEEXT)
	$(AM_V_GEN)./gradus$(EXEEXT) manual --format man >$@.part && mv $@.part $@
completions/gradus: gradus$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) completions && \
		./gradus$(EXEEXT) manual --format bash >$@.part && mv $@.part $@
