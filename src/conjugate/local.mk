libgradus_la_SOURCES += \
	%D%/curvature.c \
	%D%/curvature.h \
	%D%/linear_cg.c \
	%D%/linear_cg.h \
	%D%/nonlinear_cg.c \
	%D%/scaled_cg.c
