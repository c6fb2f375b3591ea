libharness_la_SOURCES += \
	%D%/basins_run.c \
	%D%/basins_run.h \
	%D%/draw.c \
	%D%/draw.h \
	%D%/race.c \
	%D%/race.h \
	%D%/race_order.c \
	%D%/race_order.h \
	%D%/race_runs.c \
	%D%/race_runs.h \
	%D%/repeat.c \
	%D%/repeat.h \
	%D%/side_by_side.c \
	%D%/side_by_side.h
