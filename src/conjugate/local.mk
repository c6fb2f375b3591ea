libgradus_la_SOURCES += \
	%D%/linear_cg.c \
	%D%/linear_cg.h \
	%D%/nonlinear_cg.c \
	%D%/scaled_cg.c
