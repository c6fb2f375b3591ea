libgradus_la_SOURCES += \
	%D%/hessian_free.c \
	%D%/more_sorensen.c \
	%D%/more_sorensen.h \
	%D%/newton.c \
	%D%/newton_cg.c \
	%D%/preconditioner.c \
	%D%/preconditioner.h \
	%D%/region.h \
	%D%/steihaug.c \
	%D%/steihaug.h \
	%D%/trust_region.c
