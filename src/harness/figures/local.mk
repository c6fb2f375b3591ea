libharness_la_SOURCES += \
	%D%/basins_figure.c \
	%D%/basins_figure.h \
	%D%/chart.c \
	%D%/chart.h \
	%D%/contours.c \
	%D%/contours.h \
	%D%/figures.c \
	%D%/figures.h \
	%D%/gnuplot.c \
	%D%/gnuplot.h \
	%D%/landscape.c \
	%D%/landscape.h \
	%D%/profiles_figure.c \
	%D%/profiles_figure.h \
	%D%/reconstructions_figure.c \
	%D%/reconstructions_figure.h \
	%D%/scale.c \
	%D%/scale.h \
	%D%/sensitivity.c \
	%D%/sensitivity.h \
	%D%/sketch.h \
	%D%/sketch_data.c \
	%D%/sketch_script.c \
	%D%/variants_figure.c \
	%D%/variants_figure.h \
	%D%/view.c \
	%D%/view.h
