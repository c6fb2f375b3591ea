libgradus_la_SOURCES += \
	%D%/newton_cg.c
