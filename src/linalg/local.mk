libgradus_la_SOURCES += \
	%D%/blas.c \
	%D%/blas.h \
	%D%/rows.c \
	%D%/rows.h \
	%D%/rows_template.h \
	%D%/vector.c \
	%D%/vector.h
