libgradus_la_SOURCES += \
	%D%/blas.c \
	%D%/blas.h \
	%D%/cholesky.c \
	%D%/cholesky.h \
	%D%/eigen.c \
	%D%/eigen.h \
	%D%/lanczos.c \
	%D%/lanczos.h \
	%D%/maps.c \
	%D%/maps.h \
	%D%/maps_template.h \
	%D%/pairs.c \
	%D%/pairs.h \
	%D%/product.c \
	%D%/product.h \
	%D%/rows.c \
	%D%/rows.h \
	%D%/rows_template.h \
	%D%/sparse.c \
	%D%/sparse.h \
	%D%/symmetric.c \
	%D%/symmetric.h \
	%D%/vector.c \
	%D%/vector.h
