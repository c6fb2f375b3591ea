libgradus_la_SOURCES += \
	%D%/newton.c \
	%D%/newton_cg.c \
	%D%/preconditioner.c \
	%D%/preconditioner.h
