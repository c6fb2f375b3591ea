libgradus_la_SOURCES += \
	%D%/linear.c \
	%D%/linear.h \
	%D%/linear_blocks.c \
	%D%/linear_diagonal.c \
	%D%/linear_diagonal.h \
	%D%/linear_layer.c \
	%D%/linear_parts.c \
	%D%/linear_parts.h \
	%D%/linear_ray.c \
	%D%/linear_ray.h \
	%D%/logistic.c \
	%D%/softmax.c
