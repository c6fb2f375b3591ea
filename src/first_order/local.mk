libgradus_la_SOURCES += \
	%D%/adadelta.c \
	%D%/adagrad.c \
	%D%/adam.c \
	%D%/adamax.c \
	%D%/adamw.c \
	%D%/amsgrad.c \
	%D%/averages.h \
	%D%/descent.c \
	%D%/descent.h \
	%D%/metric.c \
	%D%/metric.h \
	%D%/momentum.c \
	%D%/momentum.h \
	%D%/nadam.c \
	%D%/nesterov.c \
	%D%/rmsprop.c \
	%D%/rprop.c \
	%D%/schedule.c \
	%D%/schedule.h \
	%D%/sgd.c \
	%D%/vsgd.c
