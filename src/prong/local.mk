libgradus_la_SOURCES += \
	%D%/prong.c \
	%D%/signals.c \
	%D%/signals.h \
	%D%/statistics.c \
	%D%/statistics.h \
	%D%/whiten.c \
	%D%/whiten.h \
	%D%/whitened.c
