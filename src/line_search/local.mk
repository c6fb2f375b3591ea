libgradus_la_SOURCES += \
	%D%/more_thuente.c \
	%D%/more_thuente.h \
	%D%/search.c \
	%D%/search.h \
	%D%/update.c \
	%D%/update.h
