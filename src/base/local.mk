libgradus_la_SOURCES += \
	%D%/error.c \
	%D%/inventory.c \
	%D%/inventory.h \
	%D%/memory.c \
	%D%/memory.h \
	%D%/stream.c \
	%D%/stream.h \
	%D%/text.c \
	%D%/text.h \
	%D%/version.c
