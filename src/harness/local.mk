libharness_la_SOURCES += \
	%D%/document.c \
	%D%/document.h \
	%D%/drive.h \
	%D%/manifest.h \
	%D%/output.h \
	%D%/placeholder.c \
	%D%/study.c \
	%D%/study.h \
	%D%/summary.h \
	%D%/trace.h
