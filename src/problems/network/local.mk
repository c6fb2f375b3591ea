libgradus_la_SOURCES += \
	%D%/activations.c \
	%D%/activations.h \
	%D%/autoencoder.c \
	%D%/initialization.c \
	%D%/initialization.h \
	%D%/losses.c \
	%D%/losses.h \
	%D%/network.c \
	%D%/network.h \
	%D%/network_backward.c \
	%D%/network_classifier.c \
	%D%/network_forward.c \
	%D%/network_mapped.c \
	%D%/network_measure.c \
	%D%/network_normalise.c \
	%D%/network_pass.h \
	%D%/network_products.c \
	%D%/network_sum.c
