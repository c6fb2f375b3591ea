/* The frame of the landscapes: functions of two variables, of which each file has nothing
   but the formula.  */

#ifndef GRADUS_PROBLEMS_PLANE_PLANE_H
#define GRADUS_PROBLEMS_PLANE_PLANE_H

#include "gradus.h"

/* A function at a point: all of it, since two variables cost nothing.  */
typedef struct gradus_plane_values {
    double value, gradient[2];
    double xx, xy, yy; /* Hessian */
} gradus_plane_values;

typedef void (*gradus_plane_function)(const void *params, double x, double y,
                                      gradus_plane_values *out);

/* What every landscape's parameter struct begins with, and its rows.  */
typedef struct gradus_plane_params {
    double start_x, start_y, parameter_unit, value_unit;
} gradus_plane_params;

#define GRADUS_PLANE_ROWS(T)                                                               \
    {GRADUS_FIELD_OF(T, plane, gradus_plane_params, start_x), .minimum = -1e9,             \
     .maximum = 1e9, .unset = "standard", .help = "First coordinate of the start."},       \
        {GRADUS_FIELD_OF(T, plane, gradus_plane_params, start_y), .minimum = -1e9,         \
         .maximum = 1e9, .unset = "standard", .help = "Second coordinate of the start."},  \
        {GRADUS_FIELD_OF(T, plane, gradus_plane_params, parameter_unit),                   \
         .initial = 1,                                                                     \
         .minimum = 0,                                                                     \
         .maximum = 1e100,                                                                 \
         .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM | GRADUS_LOG,                  \
         .help =                                                                           \
             "The landscape is drawn out so much in both directions, its standard start "  \
             "with it: f(x / parameter_unit)."},                                           \
    {                                                                                      \
        GRADUS_FIELD_OF(T, plane, gradus_plane_params, value_unit),                        \
            .initial = 1, .minimum = 0, .maximum = 1e100,                                  \
            .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM | GRADUS_LOG,               \
            .help = "And its value multiplied by so much."                                 \
    }

/* A landscape without parameters of its own.  */
extern const gradus_param gradus_plane_rows[];

/* The instance.  */
typedef struct gradus_plane {
    gradus_plane_function function;
    const void *params;
    double start[2];
    double unit, value_unit; /* of x and y, and of the value */
} gradus_plane;

/* PARAMS begins with a gradus_plane_params; X and Y are the standard start, in units.  */
gradus_err gradus_plane_open(gradus_plane *plane, gradus_plane_function function,
                             const void *params, double x, double y);

/* The INDEX-th of COUNT points, in units, into X; the `minimum` entry of a landscape.  */
bool gradus_plane_pick(const void *self, const double points[][2], size_t count,
                       size_t index, double x[]);

/* The entries that all landscapes share.  */
size_t gradus_plane_dimension(const void *self);
void gradus_plane_start(const void *self, gradus_stream *stream, double x[]);
gradus_err gradus_plane_evaluate(void *self, const gradus_batch *batch, const double x[],
                                 double *value, double gradient[]);
gradus_err gradus_plane_product(void *self, const gradus_batch *batch, const double x[],
                                const double v[], double result[]);
gradus_err gradus_plane_hessian(void *self, const gradus_batch *batch, const double x[],
                                double matrix[]);
gradus_err gradus_plane_diagonal(void *self, const gradus_batch *batch, const double x[],
                                 double diagonal[]);

#define GRADUS_PLANE_ENTRIES                                                               \
    .size = sizeof(gradus_plane), .dimension = gradus_plane_dimension,                     \
    .start = gradus_plane_start, .evaluate = gradus_plane_evaluate,                        \
    .product = gradus_plane_product, .hessian = gradus_plane_hessian,                      \
    .diagonal = gradus_plane_diagonal

#endif
