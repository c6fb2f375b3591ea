libharness_la_SOURCES += \
	%D%/results.c \
	%D%/results.h \
	%D%/trace_reader.c
