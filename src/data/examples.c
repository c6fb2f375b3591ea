/* Labelled examples: labels to classes, a validation part, scaling.  */

#include "data/examples.h"

#include "base/memory.h"
#include "base/stream.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    TRAINING,
    TEST,
    VALIDATION,
    MOST_CLASSES = 10000 /* more distinct labels than this are measurements, not classes */
};

/* ---- Classes ---- */

static int by_value(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static gradus_err no_memory(const gradus_examples_request *request, gradus_error *why) {
    return gradus_fail(why, GRADUS_ENOMEM, "%s: %s: out of memory", request->owner,
                       request->data);
}

/* The distinct labels of the training data, ascending.  */
static gradus_err find_classes(gradus_examples *e, const gradus_examples_request *request,
                               gradus_error *why) {
    const gradus_dataset *set = &e->sets[TRAINING];
    if (!set->labels)
        return gradus_fail(why, GRADUS_EINPUT, "%s: %s has no labels", request->owner,
                           request->data);
    e->labels = GRADUS_NEW(set->examples, double);
    if (!e->labels)
        return no_memory(request, why);
    memcpy(e->labels, set->labels, set->examples * sizeof *e->labels);
    qsort(e->labels, set->examples, sizeof *e->labels, by_value);
    e->classes = 1;
    for (size_t i = 1; i < set->examples; i++)
        if (e->labels[i] != e->labels[e->classes - 1])
            e->labels[e->classes++] = e->labels[i];
    if (e->classes == 1)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: %s: the label of all %zu examples is %g: expected two "
                           "classes or more, found 1",
                           request->owner, request->data, set->examples, e->labels[0]);
    if (e->classes > MOST_CLASSES)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: %s has %zu distinct labels; expected at most %d classes",
                           request->owner, request->data, e->classes, MOST_CLASSES);
    return GRADUS_OK;
}

static gradus_err number_classes(gradus_examples *e, int which, const char *name,
                                 const gradus_examples_request *request,
                                 gradus_error *why) {
    gradus_dataset *set = &e->sets[which];
    if (request->unlabelled)
        return GRADUS_OK;
    if (!set->labels)
        return gradus_fail(why, GRADUS_EINPUT, "%s: %s has no labels", request->owner,
                           name);
    e->targets[which] = GRADUS_NEW(set->examples, unsigned);
    if (!e->targets[which])
        return no_memory(request, why);
    for (size_t i = 0; i < set->examples; i++) {
        const double *found =
            bsearch(&set->labels[i], e->labels, e->classes, sizeof *e->labels, by_value);
        if (!found)
            return gradus_fail(
                why, GRADUS_EINPUT,
                "%s: %s: label %g of example %zu is not among the %zu labels of "
                "the training data",
                request->owner, name, set->labels[i], i + 1, e->classes);
        e->targets[which][i] = (unsigned)(found - e->labels);
    }
    return GRADUS_OK;
}

/* ---- Views ---- */

/* The rows of a set: dense ones lie in memory themselves, of compressed ones the
   descriptions.  */
static char *rows_of(const gradus_dataset *set, size_t *row_bytes,
                     const gradus_row_kernels **kernels) {
    switch (set->storage) {
    case GRADUS_BYTES:
        *row_bytes = set->features * sizeof *set->bytes;
        *kernels = gradus_row_kernels_for(GRADUS_ENTRY_BYTE, 0);
        return (char *)set->bytes;
    case GRADUS_SPARSE:
        *row_bytes = sizeof *set->rows;
        *kernels = &gradus_sparse_kernels;
        return (char *)set->rows;
    default:
        *row_bytes = set->features * sizeof *set->doubles;
        *kernels = gradus_row_kernels_for(GRADUS_ENTRY_DOUBLE, 0);
        return (char *)set->doubles;
    }
}

static gradus_view view_of(const gradus_dataset *set, const unsigned *targets, size_t first,
                           size_t count) {
    gradus_view view = {.count = count,
                        .columns = set->features,
                        .bytes = set->storage == GRADUS_BYTES,
                        .scale = set->scale,
                        .targets = targets ? targets + first : NULL};
    view.base = rows_of(set, &view.row_bytes, &view.kernels) + first * view.row_bytes;
    return view;
}

void gradus_view_rows(const gradus_view *view, const gradus_batch *batch, size_t first,
                      size_t count, const void *rows[]) {
    for (size_t i = 0; i < count; i++) {
        size_t row = batch->rows ? batch->rows[first + i] : first + i;
        rows[i] = view->base + row * view->row_bytes;
    }
}

static void widen(const gradus_view *view, const void *raw, double out[]) {
    if (view->kernels->sparse) {
        const gradus_sparse_row *row = raw;
        memset(out, 0, view->columns * sizeof *out);
        for (size_t i = 0; i < row->count; i++)
            out[row->columns[i]] = row->values[i];
        return;
    }
    for (size_t j = 0; j < view->columns; j++)
        out[j] = view->scale * (view->bytes ? (double)((const unsigned char *)raw)[j]
                                            : ((const double *)raw)[j]);
}

void gradus_examples_row(const gradus_examples *e, const gradus_view *view, size_t row,
                         double out[]) {
    widen(view, view->base + row * view->row_bytes, out);
    if (e->factor)
        for (size_t j = 0; j < view->columns; j++)
            out[j] = (out[j] - e->shift[j]) * e->factor[j];
}

/* ---- Validation ---- */

static void swap_bytes(char *a, char *b, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

/* Moves a random COUNT of the training examples behind the others.  Always the same ones:
   the split belongs to the data, not to a run.  */
static gradus_err split_off(gradus_examples *e, size_t count) {
    gradus_dataset *set = &e->sets[TRAINING];
    gradus_view all = view_of(set, e->targets[TRAINING], 0, set->examples);
    gradus_stream *stream = gradus_stream_open(1, GRADUS_FOR_DATA);
    if (!stream)
        return GRADUS_ENOMEM;
    const gradus_row_kernels *kernels;
    char *base = rows_of(set, &all.row_bytes, &kernels);
    unsigned *targets = e->targets[TRAINING];
    for (size_t last = set->examples; last > set->examples - count; last--) {
        size_t row = gradus_stream_below(stream, last);
        if (row == last - 1)
            continue;
        swap_bytes(base + row * all.row_bytes, base + (last - 1) * all.row_bytes,
                   all.row_bytes);
        if (!targets)
            continue;
        unsigned kept = targets[row];
        targets[row] = targets[last - 1];
        targets[last - 1] = kept;
    }
    gradus_stream_close(stream);
    e->training = view_of(set, targets, 0, set->examples - count);
    e->validation = view_of(set, targets, set->examples - count, count);
    return GRADUS_OK;
}

/* Opens a second data set and checks that it fits the training data.  */
static gradus_err open_beside(gradus_examples *e, int which, const char *name,
                              gradus_part part, const gradus_examples_request *request,
                              gradus_error *why) {
    size_t features = e->sets[TRAINING].features;
    bool sparse = e->sets[TRAINING].storage == GRADUS_SPARSE;
    gradus_err err =
        gradus_dataset_open_stored(&e->sets[which], name, part, features,
                                   sparse ? GRADUS_STORE_SPARSE : GRADUS_STORE_DENSE, why);
    if (err)
        return err;
    if (e->sets[which].features != features)
        return gradus_fail(why, GRADUS_EINPUT, "%s: %s has %zu features, but %s has %zu",
                           request->owner, name, e->sets[which].features, request->data,
                           features);
    err = number_classes(e, which, name, request, why);
    if (!err)
        *(which == TEST ? &e->test : &e->validation) =
            view_of(&e->sets[which], e->targets[which], 0, e->sets[which].examples);
    return err;
}

static gradus_err open_validation(gradus_examples *e,
                                  const gradus_examples_request *request,
                                  gradus_error *why) {
    char *end;
    double fraction = gradus_text_read_real(request->validation, &end);
    if (*end != '\0')
        return open_beside(e, VALIDATION, request->validation, GRADUS_TRAINING, request,
                           why);
    size_t examples = e->sets[TRAINING].examples;
    double count = floor(fraction * (double)examples + 0.5);
    if (!(fraction > 0.0 && fraction < 1.0 && count >= 1.0 && count < (double)examples))
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: validation=%s: expected a fraction in (0, 1) that leaves "
                           "examples on both sides, or a file",
                           request->owner, request->validation);
    gradus_err err = split_off(e, (size_t)count);
    return err ? no_memory(request, why) : GRADUS_OK;
}

/* ---- Scaling ---- */

/* Mean and sum of squared deviations of every feature; Welford's update (Technometrics
   4(3), 1962), which does not cancel.  */
static void measure_spread(const gradus_view *view, double row[], double mean[],
                           double spread[]) {
    for (size_t i = 0; i < view->count; i++) {
        gradus_examples_row(&(gradus_examples){0}, view, i, row);
        for (size_t j = 0; j < view->columns; j++) {
            double change = row[j] - mean[j];
            mean[j] += change / (double)(i + 1);
            spread[j] += change * (row[j] - mean[j]);
        }
    }
}

/* The same from compressed rows: first of what is listed, then joined with the zeros, by
   Chan, Golub and LeVeque, "Algorithms for computing the sample variance", The American
   Statistician 37(3), 1983.  LISTED, a row's worth of zeros, counts.  */
static void measure_spread_sparse(const gradus_view *view, double listed[], double mean[],
                                  double spread[]) {
    const gradus_sparse_row *rows = (const gradus_sparse_row *)(const void *)view->base;
    double count = (double)view->count;
    for (size_t i = 0; i < view->count; i++)
        for (size_t e = 0; e < rows[i].count; e++) {
            size_t j = rows[i].columns[e];
            double value = rows[i].values[e], change = value - mean[j];
            mean[j] += change / ++listed[j];
            spread[j] += change * (value - mean[j]);
        }
    for (size_t j = 0; j < view->columns; j++) {
        double share = listed[j] / count;
        spread[j] += mean[j] * mean[j] * share * (count - listed[j]);
        mean[j] *= share;
    }
}

static void measure_largest(const gradus_view *view, double row[], double largest[]) {
    const gradus_sparse_row *rows = (const gradus_sparse_row *)(const void *)view->base;
    if (view->kernels->sparse) {
        for (size_t i = 0; i < view->count; i++)
            for (size_t e = 0; e < rows[i].count; e++) {
                double *most = &largest[rows[i].columns[e]];
                *most = fmax(*most, fabs(rows[i].values[e]));
            }
        return;
    }
    for (size_t i = 0; i < view->count; i++) {
        gradus_examples_row(&(gradus_examples){0}, view, i, row);
        for (size_t j = 0; j < view->columns; j++)
            largest[j] = fmax(largest[j], fabs(row[j]));
    }
}

/* Multiplies every column by its power of two.  */
static void multiply_columns(gradus_dataset *set, const double power[]) {
    size_t at = 0;
    for (size_t i = 0; i < set->examples; i++)
        if (set->storage == GRADUS_SPARSE)
            for (size_t end = at + set->rows[i].count; at < end; at++)
                set->doubles[at] *= power[set->columns[at]];
        else
            for (size_t j = 0; j < set->features; j++)
                set->doubles[at++] *= power[j];
}

/* Brings columns near 1 whose entries are so large or small that their squares, in the
   spread or in a Hessian, could leave the range of a double: a quarter of its exponents on
   either side is left to others, whose bits stay as they are.  The power of two is exact,
   and a column that is scaled may come in any unit.  */
static void move_into_range(gradus_examples *e, double row[], double power[]) {
    enum { QUARTER = 256, MOST_EXPONENT = 1000 };
    bool moves = false;
    for (int i = 0; i < 3; i++) /* bytes are in range, and so is what goes with them */
        if (e->sets[i].bytes)
            return;
    measure_largest(&e->training, row, power);
    for (size_t j = 0; j < e->training.columns; j++) {
        int exponent = 0;
        frexp(power[j], &exponent);
        bool inside = power[j] == 0.0 || abs(exponent) <= QUARTER;
        if (abs(exponent) > MOST_EXPONENT)
            exponent = exponent < 0 ? -MOST_EXPONENT : MOST_EXPONENT;
        power[j] = inside ? 1.0 : ldexp(1.0, -exponent);
        moves = moves || !inside;
    }
    for (int i = 0; moves && i < 3; i++)
        multiply_columns(&e->sets[i], power);
    memset(power, 0, e->training.columns * sizeof *power);
    memset(row, 0, e->training.columns * sizeof *row);
}

/* From what was measured to what is subtracted and multiplied by.  */
static void measure_features(gradus_examples *e, const gradus_examples_request *request,
                             double row[]) {
    const gradus_view *view = &e->training;
    double *spread = e->factor;
    bool standard = request->scaling == GRADUS_SCALING_STANDARD;
    if (!standard)
        measure_largest(view, row, spread);
    else if (view->kernels->sparse)
        measure_spread_sparse(view, row, e->shift, spread);
    else
        measure_spread(view, row, e->shift, spread);
    for (size_t j = 0; j < view->columns; j++) {
        if (standard)
            spread[j] = sqrt(spread[j] / (double)view->count);
        spread[j] = spread[j] > 0.0 ? 1.0 / spread[j] : 1.0; /* a constant stays */
    }
}

static gradus_err scale_features(gradus_examples *e, const gradus_examples_request *request,
                                 gradus_error *why) {
    if (request->scaling == GRADUS_SCALING_NONE)
        return GRADUS_OK;
    size_t columns = e->training.columns;
    double *row = GRADUS_NEW(columns, double);
    e->shift = GRADUS_NEW(columns, double);
    e->factor = GRADUS_NEW(columns, double);
    bool ok = row && e->shift && e->factor;
    if (ok) {
        move_into_range(e, row, e->factor);
        measure_features(e, request, row);
    }
    gradus_free(row);
    return ok ? GRADUS_OK : no_memory(request, why);
}

/* ---- Open and close ---- */

static gradus_err open_all(gradus_examples *e, const gradus_examples_request *request,
                           gradus_error *why) {
    const char *test = request->test;
    gradus_err err =
        gradus_dataset_open_stored(&e->sets[TRAINING], request->data, GRADUS_TRAINING,
                                   request->features, request->storing, why);
    if (!err && !request->unlabelled)
        err = find_classes(e, request, why);
    if (!err)
        err = number_classes(e, TRAINING, request->data, request, why);
    if (err)
        return err;
    e->training =
        view_of(&e->sets[TRAINING], e->targets[TRAINING], 0, e->sets[TRAINING].examples);
    if (test)
        err = open_beside(e, TEST, test, GRADUS_TRAINING, request, why);
    else if (gradus_dataset_has_test(request->data))
        err = open_beside(e, TEST, request->data, GRADUS_TESTING, request, why);
    if (!err && request->validation)
        err = open_validation(e, request, why);
    if (!err)
        err = scale_features(e, request, why);
    return err;
}

gradus_err gradus_examples_open(gradus_examples *out,
                                const gradus_examples_request *request, gradus_error *why) {
    *out = (gradus_examples){0};
    gradus_err err = open_all(out, request, why);
    for (int i = 0; i < 3; i++) { /* class numbers serve from here on */
        gradus_free(out->sets[i].labels);
        out->sets[i].labels = NULL;
    }
    if (err)
        gradus_examples_close(out);
    return err;
}

void gradus_examples_close(gradus_examples *examples) {
    for (int i = 0; i < 3; i++) {
        gradus_dataset_close(&examples->sets[i]);
        gradus_free(examples->targets[i]);
    }
    gradus_free(examples->labels);
    gradus_free(examples->shift);
    gradus_free(examples->factor);
    *examples = (gradus_examples){0};
}
