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
