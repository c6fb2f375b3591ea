libgradus_la_SOURCES += \
	%D%/ekfac.c \
	%D%/factors.c \
	%D%/factors.h \
	%D%/kfac.c \
	%D%/kfac_adaptive.c \
	%D%/kl_clip.c \
	%D%/kl_clip.h \
	%D%/kronecker.c \
	%D%/kronecker.h \
	%D%/natural_gradient.c
