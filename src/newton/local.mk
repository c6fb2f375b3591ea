libgradus_la_SOURCES += \
	%D%/hessian_free.c \
	%D%/newton.c \
	%D%/newton_cg.c \
	%D%/preconditioner.c \
	%D%/preconditioner.h
