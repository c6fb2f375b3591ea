libharness_la_SOURCES += \
	%D%/drive.c \
	%D%/drive.h \
	%D%/derivatives.c \
	%D%/derivatives.h \
	%D%/interrupt.c \
	%D%/interrupt.h \
	%D%/output.c \
	%D%/output.h \
	%D%/summary.c \
	%D%/summary.h \
	%D%/trace.c \
	%D%/trace.h
