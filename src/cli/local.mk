gradus_commands = \
	%D%/check.c \
	%D%/command.c \
	%D%/command.h \
	%D%/commands.def \
	%D%/completion.c \
	%D%/describe.c \
	%D%/draw.c \
	%D%/environment.c \
	%D%/environment.h \
	%D%/evaluate.c \
	%D%/list.c \
	%D%/manual.c \
	%D%/manual.h \
	%D%/manual_page.c \
	%D%/options.c \
	%D%/options.h \
	%D%/point.c \
	%D%/point.h \
	%D%/print.c \
	%D%/print.h \
	%D%/race.c \
	%D%/report.c \
	%D%/solve.c \
	%D%/spectrum.c \
	%D%/verdicts.c
gradus_SOURCES += %D%/main.c $(gradus_commands)

EXTRA_DIST += %D%/completion.bash %D%/manual.md
CLEANFILES += %D%/completion.bash.inc %D%/manual.md.inc
%D%/completion.$(OBJEXT): %D%/completion.bash.inc
%D%/completion.bash.inc: $(srcdir)/%D%/completion.bash
	$(AM_V_GEN)$(as_string) $(srcdir)/%D%/completion.bash >$@.part && mv $@.part $@
%D%/manual.$(OBJEXT): %D%/manual.md.inc
%D%/manual.md.inc: $(srcdir)/%D%/manual.md
	$(AM_V_GEN)$(as_string) $(srcdir)/%D%/manual.md >$@.part && mv $@.part $@
