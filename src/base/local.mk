libgradus_la_SOURCES += \
	%D%/error.c \
	%D%/inventory.c \
	%D%/inventory.h \
	%D%/memory.c \
	%D%/memory.h \
	%D%/memory_limit.c \
	%D%/memory_limit.h \
	%D%/stream.c \
	%D%/stream.h \
	%D%/system.c \
	%D%/system.h \
	%D%/text.c \
	%D%/text.h \
	%D%/version.c
