libharness_la_SOURCES += %D%/placeholder.c
