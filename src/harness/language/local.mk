libharness_la_SOURCES += \
	%D%/expression.c \
	%D%/expression.h
