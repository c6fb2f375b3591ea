libgradus_la_SOURCES += \
	%D%/linear.c \
	%D%/linear.h \
	%D%/logistic.c \
	%D%/quadratic.c \
	%D%/rosenbrock.c \
	%D%/slopes.c \
	%D%/softmax.c
