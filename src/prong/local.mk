libgradus_la_SOURCES += \
	%D%/prong.c \
	%D%/whiten.c \
	%D%/whiten.h
