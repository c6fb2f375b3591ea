libgradus_la_SOURCES += \
	%D%/beale.c \
	%D%/cliff.c \
	%D%/himmelblau.c \
	%D%/linear.c \
	%D%/linear.h \
	%D%/logistic.c \
	%D%/minima.c \
	%D%/monkey_saddle.c \
	%D%/nesterov_worst.c \
	%D%/plane.c \
	%D%/plane.h \
	%D%/plateau.c \
	%D%/quadratic.c \
	%D%/rosenbrock.c \
	%D%/rosenbrock_chained.c \
	%D%/saddle.c \
	%D%/slopes.c \
	%D%/softmax.c \
	%D%/valley.c
