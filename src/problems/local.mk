libgradus_la_SOURCES += \
	%D%/quadratic.c \
	%D%/rosenbrock.c
