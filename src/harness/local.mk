libharness_la_SOURCES += \
	%D%/document.c \
	%D%/document.h \
	%D%/drive.c \
	%D%/drive.h \
	%D%/manifest.h \
	%D%/output.c \
	%D%/output.h \
	%D%/results.c \
	%D%/results.h \
	%D%/study.c \
	%D%/study.h \
	%D%/summary.c \
	%D%/summary.h \
	%D%/trace.c \
	%D%/trace.h \
	%D%/trace_reader.c
