libgradus_la_SOURCES += \
	%D%/descent.c \
	%D%/descent.h \
	%D%/sgd.c
