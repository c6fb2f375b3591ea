libgradus_la_SOURCES += \
	%D%/adam.c \
	%D%/descent.c \
	%D%/descent.h \
	%D%/rprop.c \
	%D%/schedule.c \
	%D%/schedule.h \
	%D%/sgd.c
