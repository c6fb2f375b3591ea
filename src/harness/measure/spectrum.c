/* Eigenvalues from products with unit vectors where the part is small, and by Lanczos where
   it is not.  Where even the whole is small its matrix is made once, and a part is a block of
   it; once in either coordinates, as changing those of a matrix rounds more than a product in
   them, and lifts what is flat out of rounding.  */

#include "harness/measure/spectrum.h"

#include "base/memory.h"
#include "base/stream.h"
#include "core/method.h"
#include "core/oracle.h"
#include "core/registry.h"
#include "core/state.h"
#include "linalg/eigen.h"
#include "linalg/lanczos.h"
#include "linalg/product.h"

#include <float.h>
#include <math.h>
#include <string.h>

struct gradus_spectrum {
    gradus_spectrum_request request;
    const gradus_problem *problem;
    gradus_oracle oracle;
    gradus_state state;
    gradus_coordinates coordinates;
    gradus_stream *streams[2]; /* of Lanczos, in canonical and in whitened coordinates */
    const double *point;       /* n: in the coordinates asked for last */
    double *x, *v, *r;         /* n each: canonical point, a vector, its product */
    double *whole[2]; /* n x n each: canonical and whitened matrix; NULL: not made */
    double *values;   /* of the last part */
    size_t room;      /* of VALUES */
};

/* The parameters of a part: two ranges, the second one perhaps empty.  */
typedef struct {
    size_t begin[2], count[2];
} part_t;

/* ---- Open and close ---- */

static gradus_err refuse(const gradus_spectrum_request *request,
                         const gradus_problem *problem, gradus_error *why) {
    unsigned need =
        request->matrix == GRADUS_HESSIAN ? GRADUS_CAN_PRODUCT : GRADUS_CAN_GAUSS_NEWTON;
    if (request->whitened)
        need |= GRADUS_CAN_LAYERS;
    const char *missing = gradus_ability_text(need & ~gradus_problem_abilities(problem));
    unsigned lacks = problem->type->lacks ? problem->type->lacks(problem->self) : 0u;
    if (missing)
        return gradus_fail(
            why, GRADUS_EUNSUPPORTED, "this spectrum needs %s, which %s does not have%s",
            missing, problem->type->name, need & lacks ? " with these parameters" : "");
    if (request->examples > problem->examples)
        return gradus_fail(why, GRADUS_EINPUT,
                           "examples=%zu: expected at most %zu, as %s has",
                           request->examples, problem->examples, problem->type->name);
    return GRADUS_OK;
}

static gradus_err set_up(gradus_spectrum *s, const double x[]) {
    size_t n = s->problem->dimension;
    gradus_err err = gradus_oracle_open(&s->oracle, s->problem, true, s->request.seed);
    for (int whitened = false; whitened <= true; whitened++)
        s->streams[whitened] = gradus_stream_open(s->request.seed, GRADUS_FOR_CHECKS);
    s->x = gradus_state_scratch(&s->state, n, sizeof(double));
    s->v = gradus_state_scratch(&s->state, n, sizeof(double));
    s->r = gradus_state_scratch(&s->state, n, sizeof(double));
    if (err || !s->streams[false] || !s->streams[true] || s->state.failed)
        return GRADUS_ENOMEM;
    memcpy(s->x, x, n * sizeof *x);
    if (s->request.examples)
        s->oracle.batch.count = s->request.examples;
    return GRADUS_OK;
}

gradus_err gradus_spectrum_open(gradus_spectrum **out, const gradus_problem *problem,
                                const gradus_spectrum_request *request, const double x[],
                                gradus_error *why) {
    *out = NULL;
    gradus_err err = refuse(request, problem, why);
    if (err)
        return err;
    gradus_spectrum *s = GRADUS_NEW(1, gradus_spectrum);
    if (!s)
        return gradus_fail(why, GRADUS_ENOMEM, "spectrum: out of memory");
    *s = (gradus_spectrum){.request = *request, .problem = problem};
    err = set_up(s, x);
    if (err) {
        gradus_spectrum_close(s);
        return gradus_fail(why, err, "spectrum: out of memory");
    }
    *out = s;
    return GRADUS_OK;
}

void gradus_spectrum_close(gradus_spectrum *s) {
    if (!s)
        return;
    gradus_stream_close(s->streams[false]);
    gradus_stream_close(s->streams[true]);
    gradus_oracle_close(&s->oracle);
    gradus_state_release(&s->state);
    gradus_free(s->whole[false]);
    gradus_free(s->whole[true]);
    gradus_free(s->values);
    gradus_free(s);
}

/* ---- Coordinates ---- */

/* Finds whitened coordinates; once.  */
static gradus_err whiten(gradus_spectrum *s, gradus_error *why) {
    const gradus_run_values values = {.whitening_samples =
                                          (long)s->request.whitening_samples,
                                      .whitening_epsilon = s->request.whitening_epsilon};
    gradus_report report = {0};
    if (s->coordinates.type)
        return GRADUS_OK;
    gradus_err err = gradus_coordinates_open(
        &s->coordinates, &gradus_coordinates_whitened,
        gradus_oracle_dimension(&s->oracle), &values, &s->oracle, &s->state, why);
    if (!err && s->state.failed)
        err = GRADUS_ENOMEM;
    if (!err)
        err = gradus_coordinates_begin(&s->coordinates, &s->oracle, s->x, &report);
    if (!err && report.stop)
        err = gradus_fail(why, GRADUS_EINPUT, "whitened coordinates: %s; %s",
                          gradus_stop_text(report.stop), report.detail);
    if (err)
        s->coordinates.type = NULL;
    return err;
}

/* What is asked for next is in these coordinates.  */
static gradus_err choose(gradus_spectrum *s, bool whitened, gradus_error *why) {
    s->oracle.coordinates = NULL;
    s->point = s->x;
    gradus_err err = whitened ? whiten(s, why) : GRADUS_OK;
    if (err || !whitened)
        return err;
    s->oracle.coordinates = &s->coordinates;
    s->point = s->coordinates.z;
    return GRADUS_OK;
}

/* ---- Products with a part of the matrix ---- */

static part_t find_part(const gradus_spectrum *s, long layer) {
    gradus_layer shape;
    if (layer == GRADUS_SPECTRUM_WHOLE)
        return (part_t){.count = {s->problem->dimension}};
    gradus_oracle_layer(&s->oracle, (size_t)layer, &shape);
    part_t part = {.begin = {shape.weights}, .count = {shape.inputs * shape.outputs}};
    if (shape.biases != GRADUS_NO_BIASES) {
        part.begin[1] = shape.biases;
        part.count[1] = shape.outputs;
    }
    return part;
}

typedef struct {
    gradus_spectrum *spectrum;
    part_t part;
} product_t;

static gradus_err multiply(void *context, const double v[], double result[]) {
    const product_t *product = context;
    gradus_spectrum *s = product->spectrum;
    const part_t *part = &product->part;
    memset(s->v, 0, s->problem->dimension * sizeof *s->v);
    memcpy(s->v + part->begin[0], v, part->count[0] * sizeof *v);
    memcpy(s->v + part->begin[1], v + part->count[0], part->count[1] * sizeof *v);
    gradus_err err = s->request.matrix == GRADUS_HESSIAN
                         ? gradus_oracle_product(&s->oracle, s->point, s->v, s->r)
                         : gradus_oracle_gauss_newton(&s->oracle, s->point, s->v, s->r);
    memcpy(result, s->r + part->begin[0], part->count[0] * sizeof *v);
    memcpy(result + part->count[0], s->r + part->begin[1], part->count[1] * sizeof *v);
    return err;
}

/* ---- Eigenvalues ---- */

/* Column by column.  */
static gradus_err multiply_units(product_t *product, size_t n, double matrix[]) {
    double *unit = GRADUS_NEW(n, double);
    gradus_err err = unit ? GRADUS_OK : GRADUS_ENOMEM;
    for (size_t i = 0; !err && i < n; i++) {
        unit[i] = 1.0;
        err = multiply(product, unit, matrix + i * n);
        unit[i] = 0.0;
    }
    gradus_free(unit);
    return err;
}

/* In the coordinates chosen.  */
static gradus_err make_whole(gradus_spectrum *s) {
    size_t n = s->problem->dimension;
    double **whole = &s->whole[s->oracle.coordinates != NULL];
    product_t product = {.spectrum = s, .part = find_part(s, GRADUS_SPECTRUM_WHOLE)};
    if (*whole)
        return GRADUS_OK;
    double *matrix = GRADUS_NEW(n * n, double);
    gradus_err err = matrix ? multiply_units(&product, n, matrix) : GRADUS_ENOMEM;
    if (err)
        gradus_free(matrix);
    else
        *whole = matrix;
    return err;
}

/* The block of PART, n x n, of WHOLE, which has WIDTH columns.  */
static void cut(const part_t *part, const double whole[], size_t width, double block[]) {
    for (size_t half = 0; half < 2; half++)
        for (size_t i = 0; i < part->count[half]; i++) {
            const double *row = whole + (part->begin[half] + i) * width;
            memcpy(block, row + part->begin[0], part->count[0] * sizeof *block);
            memcpy(block + part->count[0], row + part->begin[1],
                   part->count[1] * sizeof *block);
            block += part->count[0] + part->count[1];
        }
}

static gradus_err dense(product_t *product, size_t n, double values[]) {
    gradus_spectrum *s = product->spectrum;
    const double *whole = s->whole[s->oracle.coordinates != NULL];
    double *matrix = GRADUS_NEW(n * n, double);
    void *workspace = gradus_allocate(gradus_eigen_workspace(n), 1);
    gradus_err err = matrix && workspace ? GRADUS_OK : GRADUS_ENOMEM;
    if (!err && whole)
        cut(&product->part, whole, s->problem->dimension, matrix);
    else if (!err)
        err = multiply_units(product, n, matrix);
    if (!err && gradus_eigenvalues(n, matrix, values, workspace) != GRADUS_EIGEN_OK)
        values[0] = NAN;
    gradus_free(matrix);
    gradus_free(workspace);
    return err;
}

/* Products carry rounding of the size of the largest eigenvalue, a few times n of it; a
   smaller eigenvalue cannot be told from zero.  */
static void judge(gradus_spectrum_part *e) {
    double most = 0.0, least = INFINITY;
    for (size_t i = 0; i < e->count; i++)
        most = fmax(most, fabs(e->values[i]));
    double noise = (double)e->dimension * DBL_EPSILON * most;
    e->rank = 0;
    for (size_t i = 0; i < e->count; i++)
        if (fabs(e->values[i]) > noise) {
            least = fmin(least, fabs(e->values[i]));
            e->rank++;
        }
    e->condition = e->rank > 0 ? most / least : NAN;
}

static gradus_err make_room(gradus_spectrum *s, size_t count) {
    if (count <= s->room)
        return GRADUS_OK;
    gradus_free(s->values);
    s->values = GRADUS_NEW(count, double);
    s->room = s->values ? count : 0;
    return s->values ? GRADUS_OK : GRADUS_ENOMEM;
}

static gradus_err find_values(gradus_spectrum *s, long layer, gradus_spectrum_part *out) {
    product_t product = {.spectrum = s, .part = find_part(s, layer)};
    size_t n = product.part.count[0] + product.part.count[1];
    bool whitened = s->oracle.coordinates != NULL;
    *out = (gradus_spectrum_part){.dimension = n, .all = n <= s->request.largest_dense};
    out->count = out->all || s->request.steps > n ? n : s->request.steps;
    gradus_err err = make_room(s, out->count);
    if (!err)
        err = out->all ? dense(&product, n, s->values)
                       : gradus_lanczos(n, out->count, multiply, &product,
                                        s->streams[whitened], s->values, &out->count);
    out->values = s->values;
    return err;
}

gradus_err gradus_spectrum_of(gradus_spectrum *s, bool whitened, long layer,
                              gradus_spectrum_part *out, gradus_error *why) {
    gradus_err err = choose(s, whitened, why);
    if (err == GRADUS_EINPUT)
        return err; /* there are no such coordinates */
    if (!err && s->problem->dimension <= s->request.largest_dense)
        err = make_whole(s);
    if (!err)
        err = find_values(s, layer, out);
    if (err)
        return gradus_fail(why, err, "spectrum: %s",
                           err == GRADUS_ENOMEM ? "out of memory" : "a product failed");
    if (isnan(out->values[0]))
        return gradus_fail(why, GRADUS_EINPUT,
                           "spectrum: the matrix is not finite at this point");
    judge(out);
    return GRADUS_OK;
}
