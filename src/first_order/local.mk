libgradus_la_SOURCES += \
	%D%/adam.c \
	%D%/descent.c \
	%D%/descent.h \
	%D%/sgd.c
