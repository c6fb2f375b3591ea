libharness_la_SOURCES += \
	%D%/claim_language.c \
	%D%/claim_language.h \
	%D%/expression.c \
	%D%/expression.h
