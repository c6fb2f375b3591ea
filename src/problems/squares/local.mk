libgradus_la_SOURCES += \
	%D%/biggs_exp6.c \
	%D%/box_3d.c \
	%D%/brown_badly_scaled.c \
	%D%/brown_dennis.c \
	%D%/chebyquad.c \
	%D%/extended_powell.c \
	%D%/gaussian.c \
	%D%/gulf.c \
	%D%/helical_valley.c \
	%D%/least_squares.c \
	%D%/least_squares.h \
	%D%/penalty_1.c \
	%D%/penalty_2.c \
	%D%/powell_badly_scaled.c \
	%D%/trigonometric.c \
	%D%/variably_dimensioned.c \
	%D%/watson.c \
	%D%/wood.c
