libharness_la_SOURCES += \
	%D%/check.c \
	%D%/check.h \
	%D%/curves.c \
	%D%/curves.h \
	%D%/findings.c \
	%D%/findings.h \
	%D%/profiles.c \
	%D%/profiles.h \
	%D%/standings.c \
	%D%/standings.h \
	%D%/targets.c \
	%D%/targets.h \
	%D%/verdicts.c \
	%D%/verdicts.h
