libharness_la_SOURCES += \
	%D%/read_claims.c \
	%D%/read_method.c \
	%D%/read_methods.c \
	%D%/read_options.c \
	%D%/read_problem.c \
	%D%/read_profiles.c \
	%D%/read_search.c \
	%D%/read_search.h \
	%D%/read_starts.c \
	%D%/read_study.c \
	%D%/read_targets.c \
	%D%/read_tune.c \
	%D%/read_vary.c \
	%D%/reader.c \
	%D%/reader.h \
	%D%/study.c \
	%D%/study.h \
	%D%/study_check.c
