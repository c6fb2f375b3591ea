libharness_la_SOURCES += \
	%D%/checkpoint_file.c \
	%D%/checkpoint_file.h \
	%D%/drive.c \
	%D%/drive.h \
	%D%/interrupt.c \
	%D%/interrupt.h \
	%D%/progress.c \
	%D%/progress.h \
	%D%/provenance.c \
	%D%/provenance.h \
	%D%/summary.c \
	%D%/summary.h \
	%D%/trace.c \
	%D%/trace.h \
	%D%/trace_checksum.c \
	%D%/trajectory.c \
	%D%/trajectory.h

# The commit, looked up at every build, and the flags of this one; written when they have
# changed.  Only a tree that the repository knows has a commit: a tarball unpacked inside some
# other repository has not.
build.h: FORCE
	$(AM_V_GEN)commit=unknown; \
	if git -C $(srcdir) ls-files --error-unmatch configure.ac >/dev/null 2>&1; then \
		commit=`git -C $(srcdir) describe --always --dirty 2>/dev/null || echo unknown`; \
	fi; \
	flags=`echo '$(GRADUS_CFLAGS) $(OPENMP_CFLAGS) $(CPPFLAGS) $(CFLAGS)' | \
		sed 's/-W[^ ]*//g; s/  */ /g; s/^ //; s/["\\]/\\&/g'`; \
	{ echo "#define GRADUS_COMMIT \"$$commit\""; \
	  printf '#define GRADUS_FLAGS "%s"\n' "$$flags"; } >$@.new; \
	if cmp -s $@.new $@; then rm -f $@.new; else mv -f $@.new $@; fi
FORCE:
.PHONY: FORCE
%D%/provenance.lo: build.h
CLEANFILES += build.h
