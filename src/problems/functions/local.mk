libgradus_la_SOURCES += \
	%D%/nesterov_worst.c \
	%D%/quadratic.c \
	%D%/rosenbrock.c \
	%D%/rosenbrock_chained.c \
	%D%/slopes.c
