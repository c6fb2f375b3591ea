libgradus_la_SOURCES += \
	%D%/bfgs.c \
	%D%/lbfgs.c
