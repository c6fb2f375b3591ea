/* What functions of two variables have in common.  */

#include "problems/plane/plane.h"

#include <math.h>
#include <string.h>

/* For the rows' macro, which looks for them in a member.  */
typedef struct {
    gradus_plane_params plane;
} params_t;

const gradus_param gradus_plane_rows[] = {GRADUS_PLANE_ROWS(params_t), {0}};

gradus_err gradus_plane_open(gradus_plane *plane, gradus_plane_function function,
                             const void *params, double x, double y) {
    const gradus_plane_params *p = params;
    *plane = (gradus_plane){.function = function, .params = params};
    plane->unit = p->parameter_unit;
    plane->value_unit = p->value_unit;
    plane->start[0] = isnan(p->start_x) ? plane->unit * x : p->start_x;
    plane->start[1] = isnan(p->start_y) ? plane->unit * y : p->start_y;
    return GRADUS_OK;
}

bool gradus_plane_pick(const void *self, const double points[][2], size_t count,
                       size_t index, double x[]) {
    if (index >= count)
        return false;
    for (size_t i = 0; i < 2; i++)
        x[i] = ((const gradus_plane *)self)->unit * points[index][i];
    return true;
}

size_t gradus_plane_dimension(const void *self) {
    (void)self;
    return 2;
}

void gradus_plane_start(const void *self, gradus_stream *stream, double x[]) {
    const gradus_plane *plane = self;
    (void)stream;
    memcpy(x, plane->start, sizeof plane->start);
}

static gradus_plane_values at(const void *self, const double x[]) {
    const gradus_plane *plane = self;
    double unit = plane->unit, slope = plane->value_unit / unit, bend = slope / unit;
    gradus_plane_values f;
    plane->function(plane->params, x[0] / unit, x[1] / unit, &f);
    return (gradus_plane_values){.value = plane->value_unit * f.value,
                                 .gradient = {slope * f.gradient[0], slope * f.gradient[1]},
                                 .xx = bend * f.xx,
                                 .xy = bend * f.xy,
                                 .yy = bend * f.yy};
}

gradus_err gradus_plane_evaluate(void *self, const gradus_batch *batch, const double x[],
                                 double *value, double gradient[]) {
    gradus_plane_values f = at(self, x);
    (void)batch;
    if (value)
        *value = f.value;
    if (gradient)
        memcpy(gradient, f.gradient, sizeof f.gradient);
    return GRADUS_OK;
}

gradus_err gradus_plane_product(void *self, const gradus_batch *batch, const double x[],
                                const double v[], double result[]) {
    gradus_plane_values f = at(self, x);
    (void)batch;
    double first = f.xx * v[0] + f.xy * v[1];
    result[1] = f.xy * v[0] + f.yy * v[1];
    result[0] = first;
    return GRADUS_OK;
}

gradus_err gradus_plane_hessian(void *self, const gradus_batch *batch, const double x[],
                                double matrix[]) {
    gradus_plane_values f = at(self, x);
    (void)batch;
    matrix[0] = f.xx;
    matrix[1] = matrix[2] = f.xy;
    matrix[3] = f.yy;
    return GRADUS_OK;
}

gradus_err gradus_plane_diagonal(void *self, const gradus_batch *batch, const double x[],
                                 double diagonal[]) {
    gradus_plane_values f = at(self, x);
    (void)batch;
    diagonal[0] = f.xx;
    diagonal[1] = f.yy;
    return GRADUS_OK;
}
