libharness_la_SOURCES += \
	%D%/keeper.c \
	%D%/keeper.h \
	%D%/manifest.c \
	%D%/manifest.h \
	%D%/record.c \
	%D%/record.h \
	%D%/record_note.c \
	%D%/summary_table.c \
	%D%/summary_table.h \
	%D%/targets_settle.c \
	%D%/targets_settle.h \
	%D%/tuning.c \
	%D%/tuning.h \
	%D%/tuning_table.c \
	%D%/unfinished.c \
	%D%/unfinished.h
