libharness_la_SOURCES += \
	%D%/blas_check.c \
	%D%/blas_check.h \
	%D%/blas_factors.c \
	%D%/blas_parts.h \
	%D%/blas_products.c \
	%D%/derivatives.c \
	%D%/derivatives.h \
	%D%/measured_layers.c \
	%D%/measured_layers.h \
	%D%/measurement.c \
	%D%/measurement.h \
	%D%/reconstructions.c \
	%D%/reconstructions.h \
	%D%/spectrum.c \
	%D%/spectrum.h
