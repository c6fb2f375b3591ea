libgradus_la_SOURCES += \
	%D%/ekfac.c \
	%D%/factors.c \
	%D%/factors.h \
	%D%/kfac.c \
	%D%/natural_gradient.c
