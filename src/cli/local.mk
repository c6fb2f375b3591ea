gradus_SOURCES += %D%/main.c
