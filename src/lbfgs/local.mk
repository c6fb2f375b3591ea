libgradus_la_SOURCES += \
	%D%/lbfgs.c
