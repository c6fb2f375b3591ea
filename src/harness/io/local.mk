libharness_la_SOURCES += \
	%D%/document.c \
	%D%/document.h \
	%D%/folder.c \
	%D%/folder.h \
	%D%/html.c \
	%D%/html.h \
	%D%/json.c \
	%D%/json.h \
	%D%/output.c \
	%D%/output.h \
	%D%/text_file.c \
	%D%/text_file.h
