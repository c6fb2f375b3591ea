libharness_la_SOURCES += \
	%D%/basins.c \
	%D%/basins.h \
	%D%/results.c \
	%D%/results.h \
	%D%/statistics.c \
	%D%/statistics.h \
	%D%/status.c \
	%D%/status.h \
	%D%/trace_reader.c \
	%D%/trace_reader.h
