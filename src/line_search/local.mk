libgradus_la_SOURCES += \
	%D%/algorithm.h \
	%D%/backtracking.c \
	%D%/backtracking.h \
	%D%/coordinates.c \
	%D%/coordinates.h \
	%D%/hager_zhang.c \
	%D%/hager_zhang.h \
	%D%/kink.c \
	%D%/kink.h \
	%D%/ladder.c \
	%D%/ladder.h \
	%D%/more_thuente.c \
	%D%/more_thuente.h \
	%D%/postmortem.c \
	%D%/postmortem.h \
	%D%/search.c \
	%D%/search.h \
	%D%/update.c \
	%D%/update.h
