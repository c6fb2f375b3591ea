libgradus_la_SOURCES += \
	%D%/blas.c \
	%D%/blas.h \
	%D%/vector.c \
	%D%/vector.h
