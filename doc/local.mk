EXTRA_DIST += %D%/manual.md
EXTRA_DIST += %D%/reproduction.md
EXTRA_DIST += %D%/reproduction

# The reference, from the program's own tables; tests/check-manual.sh compares.
.PHONY: manual
manual: gradus$(EXEEXT)
	./gradus manual > $(srcdir)/doc/manual.md.part
	mv $(srcdir)/doc/manual.md.part $(srcdir)/doc/manual.md
