libgradus_la_SOURCES += \
	%D%/beale.c \
	%D%/cliff.c \
	%D%/himmelblau.c \
	%D%/minima.c \
	%D%/monkey_saddle.c \
	%D%/plane.c \
	%D%/plane.h \
	%D%/plateau.c \
	%D%/saddle.c \
	%D%/valley.c
