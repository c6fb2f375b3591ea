libgradus_la_SOURCES += \
	%D%/collect.c \
	%D%/collect.h \
	%D%/curves.c \
	%D%/dataset.c \
	%D%/dataset.h \
	%D%/examples.c \
	%D%/examples.h \
	%D%/formats.h \
	%D%/generate.c \
	%D%/hdf5_file.c \
	%D%/hdf5_file.h \
	%D%/hdf5_output.c \
	%D%/hdf5_output.h \
	%D%/idx.c \
	%D%/images.c \
	%D%/input.c \
	%D%/input.h \
	%D%/libsvm.c \
	%D%/vector_file.c \
	%D%/vector_file.h
