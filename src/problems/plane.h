/* The frame of the landscapes: functions of two variables, of which each file has nothing
   but the formula.  */

#ifndef GRADUS_PROBLEMS_PLANE_H
#define GRADUS_PROBLEMS_PLANE_H

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
    double start_x, start_y;
} gradus_plane_params;

#define GRADUS_PLANE_ROWS(T)                                                               \
    {GRADUS_FIELD_OF(T, plane, gradus_plane_params, start_x), .minimum = -1e9,             \
     .maximum = 1e9, .unset = "standard", .help = "First coordinate of the start."},       \
    {                                                                                      \
        GRADUS_FIELD_OF(T, plane, gradus_plane_params, start_y),                           \
            .minimum = -1e9, .maximum = 1e9, .unset = "standard",                          \
            .help = "Second coordinate of the start."                                      \
    }

/* A landscape without parameters of its own.  */
extern const gradus_param gradus_plane_rows[];

/* The instance.  */
typedef struct gradus_plane {
    gradus_plane_function function;
    const void *params;
    double start[2];
} gradus_plane;

/* PARAMS begins with a gradus_plane_params; X and Y are the standard start.  */
gradus_err gradus_plane_open(gradus_plane *plane, gradus_plane_function function,
                             const void *params, double x, double y);

/* The INDEX-th of COUNT points into X; the `minimum` entry of a landscape.  */
bool gradus_plane_pick(const double points[][2], size_t count, size_t index, double x[]);

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
