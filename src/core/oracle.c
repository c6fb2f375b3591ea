/* Counting, timing and remembering evaluations.  */

#include "core/oracle.h"

#include "base/memory.h"
#include "base/stream.h"
#include "core/calls.h"
#include "core/unwritten.h"

#include <math.h>
#include <string.h>

gradus_err gradus_oracle_open(gradus_oracle *oracle, const gradus_problem *problem,
                              bool full, uint64_t seed) {
    *oracle = (gradus_oracle){
        .problem = problem, .full = full, .batch = {.count = problem->examples}};
    oracle->samples = gradus_stream_open(seed, GRADUS_FOR_SAMPLES);
    const gradus_problem_type *type = problem->type;
    oracle->average_count = type->averages ? type->averages(problem->self) : 0;
    if (oracle->average_count)
        oracle->averages = GRADUS_NEW(2 * oracle->average_count, double);
    if (oracle->averages)
        oracle->averages_before = oracle->averages + oracle->average_count;
    bool ok = oracle->samples && (oracle->averages || !oracle->average_count);
    if (full) {
        oracle->known.x = GRADUS_NEW(problem->dimension, double);
        oracle->known.gradient = GRADUS_NEW(problem->dimension, double);
        ok = ok && oracle->known.x && oracle->known.gradient;
    }
    return ok ? GRADUS_OK : GRADUS_ENOMEM;
}

void gradus_oracle_close(gradus_oracle *oracle) {
    gradus_stream_close(oracle->samples);
    gradus_free(oracle->known.x);
    gradus_free(oracle->known.gradient);
    gradus_free(oracle->averages);
    *oracle = (gradus_oracle){0};
}

void gradus_oracle_keep_averages(gradus_oracle *oracle) {
    if (oracle->averages)
        memcpy(oracle->averages_before, oracle->averages,
               oracle->average_count * sizeof *oracle->averages);
}

void gradus_oracle_restore_averages(gradus_oracle *oracle) {
    if (oracle->averages)
        memcpy(oracle->averages, oracle->averages_before,
               oracle->average_count * sizeof *oracle->averages);
}

static void list_known(gradus_known *known, size_t n, gradus_inventory *inventory) {
    static const char group[] = "known";
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "x", known->x, n);
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "gradient", known->gradient,
                         n);
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "value", &known->value, 1);
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "cpu", &known->cost.cpu, 1);
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "wall", &known->cost.wall, 1);
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {{"has_value", &known->has_value},
                 {"has_gradient", &known->has_gradient},
                 {"value_unbilled", &known->value_unbilled},
                 {"gradient_unbilled", &known->gradient_unbilled}};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        gradus_inventory_add(inventory, GRADUS_KEPT_FLAGS, group, flags[i].name,
                             flags[i].flag, 1);
}

void gradus_oracle_list(gradus_oracle *oracle, gradus_inventory *inventory) {
    gradus_counts *counts = &oracle->counts;
    const struct {
        const char *name;
        size_t *count;
    } sizes[] = {{"value_evaluations", &counts->value_evaluations},
                 {"gradient_evaluations", &counts->gradient_evaluations},
                 {"products", &counts->products},
                 {"ray_evaluations", &counts->ray_evaluations},
                 {"value_examples", &counts->value_examples},
                 {"gradient_examples", &counts->gradient_examples},
                 {"product_examples", &counts->product_examples},
                 {"ray_examples", &counts->ray_examples}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        gradus_inventory_add(inventory, GRADUS_KEPT_SIZES, "counts", sizes[i].name,
                             sizes[i].count, 1);
    if (oracle->averages)
        gradus_inventory_add(inventory, GRADUS_KEPT_REALS, "oracle", "averages",
                             oracle->averages, oracle->average_count);
    gradus_stream_list(oracle->samples, "samples", inventory);
    gradus_clock_list(&oracle->clock, inventory);
    if (oracle->full)
        list_known(&oracle->known, oracle->problem->dimension, inventory);
}

size_t gradus_oracle_dimension(const gradus_oracle *oracle) {
    return oracle->problem->dimension;
}

size_t gradus_oracle_examples(const gradus_oracle *oracle) {
    return oracle->problem->examples;
}

size_t gradus_oracle_threads(const gradus_oracle *oracle) {
    return oracle->problem->threads;
}

bool gradus_oracle_full_batch(const gradus_oracle *oracle) { return oracle->full; }

size_t gradus_oracle_batch_size(const gradus_oracle *oracle) { return oracle->batch.count; }

void gradus_oracle_enter(gradus_oracle *oracle, gradus_phase phase) {
    gradus_clock_enter(&oracle->clock, phase);
}

void gradus_oracle_leave(gradus_oracle *oracle) { gradus_clock_leave(&oracle->clock); }

double gradus_oracle_passes(const gradus_oracle *oracle) {
    const gradus_counts *counts = &oracle->counts;
    const gradus_problem *problem = oracle->problem;
    double values = (double)counts->value_examples;
    if (counts->ray_examples > 0)
        values +=
            (double)counts->ray_examples / (double)problem->type->features(problem->self);
    return ((double)(counts->gradient_examples + counts->product_examples) + 0.5 * values) /
           (double)problem->examples;
}

/* ---- The last point ---- */

static bool is_known(const gradus_oracle *oracle, const double x[]) {
    return oracle->full && oracle->known.has_value &&
           memcmp(oracle->known.x, x, oracle->problem->dimension * sizeof *x) == 0;
}

/* After a gradient over the current batch, whichever way it was had.  */
static void fold(gradus_oracle *oracle) {
    const gradus_problem *problem = oracle->problem;
    if (oracle->averages)
        problem->type->fold(problem->self, oracle->averages);
}

static gradus_err evaluate(gradus_oracle *oracle, const double x[], double *value,
                           double gradient[]) {
    const gradus_problem *problem = oracle->problem;
    gradus_err err =
        gradus_call_evaluate(problem, &oracle->batch, x, value, gradient, &oracle->trouble);
    if (!err && gradient)
        fold(oracle);
    return err;
}

void gradus_oracle_begin_measuring(const gradus_oracle *oracle) {
    if (oracle->averages)
        oracle->problem->type->measure_with(oracle->problem->self, oracle->averages);
}

void gradus_oracle_end_measuring(const gradus_oracle *oracle) {
    if (oracle->averages)
        oracle->problem->type->measure_with(oracle->problem->self, NULL);
}

/* A function of the caller's got a copy, which shows whether it wrote there.  Of a long one
   a part is looked at, as of what it is to write.  */
static gradus_err compare_copy(gradus_oracle *oracle, const double x[]) {
    const double *copy = oracle->known.x;
    size_t n = oracle->problem->dimension;
    const gradus_counts *counts = &oracle->counts;
    gradus_watch watch =
        gradus_watch_at(n, counts->value_evaluations + counts->gradient_evaluations);
    for (size_t i = watch.first; i < n; i += watch.stride) {
        if (memcmp(&x[i], &copy[i], gradus_watch_count(n, i) * sizeof *x) == 0)
            continue;
        while (memcmp(&x[i], &copy[i], sizeof *x) == 0)
            i++;
        return gradus_fail(&oracle->trouble, GRADUS_EINPUT,
                           "evaluate changed x[%zu], which it may only read", i);
    }
    return GRADUS_OK;
}

/* Evaluates the remembered point; WITH_GRADIENT is false for a value alone.  */
static gradus_err remember(gradus_oracle *oracle, const double x[], bool with_gradient) {
    gradus_known *known = &oracle->known;
    if (x != known->x)
        memcpy(known->x, x, oracle->problem->dimension * sizeof *x);
    known->has_value = known->has_gradient = false;
    known->value_unbilled = known->gradient_unbilled = false;
    gradus_err err =
        evaluate(oracle, known->x, &known->value, with_gradient ? known->gradient : NULL);
    if (!err && oracle->problem->foreign)
        err = compare_copy(oracle, x);
    known->has_value = !err;
    known->has_gradient = !err && with_gradient;
    return err;
}

gradus_err gradus_oracle_learn(gradus_oracle *oracle, const double x[]) {
    gradus_known *known = &oracle->known;
    if (is_known(oracle, x) && known->has_gradient)
        return GRADUS_OK;
    bool value_paid = is_known(oracle, x) && !known->value_unbilled;
    gradus_times before = gradus_times_now();
    gradus_err err = remember(oracle, x, true);
    gradus_times after = gradus_times_now();
    known->value_unbilled = !value_paid;
    known->gradient_unbilled = true;
    known->cost =
        (gradus_times){.cpu = after.cpu - before.cpu, .wall = after.wall - before.wall};
    return err;
}

/* Bills what was evaluated outside the bill, now that the method uses it.  */
static void settle(gradus_oracle *oracle) {
    gradus_known *known = &oracle->known;
    gradus_clock_charge(&oracle->clock, GRADUS_PHASE_EVALUATION, known->cost);
    known->value_unbilled = known->gradient_unbilled = false;
}

/* ---- Coordinates ---- */

/* X in the problem's coordinates; the map is billed.  */
static const double *canonical(gradus_oracle *oracle, const double x[]) {
    if (!oracle->coordinates)
        return x;
    gradus_oracle_enter(oracle, GRADUS_PHASE_REST);
    x = gradus_coordinates_point(oracle->coordinates, x);
    gradus_oracle_leave(oracle);
    return x;
}

/* The same for a direction.  */
static const double *canonical_direction(gradus_oracle *oracle, const double v[]) {
    if (!oracle->coordinates)
        return v;
    gradus_oracle_enter(oracle, GRADUS_PHASE_REST);
    v = gradus_coordinates_direction(oracle->coordinates, v);
    gradus_oracle_leave(oracle);
    return v;
}

/* Takes a gradient, or with HESSIAN a dense Hessian, back to the method's coordinates.  */
static void pull_back(gradus_oracle *oracle, double array[], bool hessian) {
    if (!oracle->coordinates)
        return;
    gradus_oracle_enter(oracle, GRADUS_PHASE_REST);
    if (hessian)
        gradus_coordinates_hessian(oracle->coordinates, array);
    else
        gradus_coordinates_gradient(oracle->coordinates, array);
    gradus_oracle_leave(oracle);
}

/* ---- Evaluations ---- */

/* Whether the method is to get nothing more.  Remembered, because a method may hide it.  */
static bool is_over(gradus_oracle *oracle) {
    if (oracle->interrupted && *oracle->interrupted)
        oracle->refused = true;
    return oracle->refused;
}

gradus_err gradus_oracle_gradient(gradus_oracle *oracle, const double x[], double *value,
                                  double gradient[]) {
    if (is_over(oracle))
        return GRADUS_EINTERRUPTED;
    x = canonical(oracle, x);
    gradus_known *known = &oracle->known;
    gradus_err err = GRADUS_OK;
    bool had = is_known(oracle, x) && known->has_gradient;
    if (!had || known->gradient_unbilled) {
        oracle->counts.gradient_evaluations++;
        oracle->counts.gradient_examples += oracle->batch.count;
    }
    if (!had) { /* a copy of what is known is not worth the clock's system calls */
        gradus_oracle_enter(oracle, GRADUS_PHASE_EVALUATION);
        err =
            oracle->full ? remember(oracle, x, true) : evaluate(oracle, x, value, gradient);
        gradus_oracle_leave(oracle);
    } else if (known->gradient_unbilled) {
        settle(oracle);
    }
    if (!err && oracle->full) {
        if (value)
            *value = known->value;
        memcpy(gradient, known->gradient, oracle->problem->dimension * sizeof *gradient);
    }
    if (!err)
        pull_back(oracle, gradient, false);
    return err;
}

gradus_err gradus_oracle_value(gradus_oracle *oracle, const double x[], double *value) {
    if (is_over(oracle))
        return GRADUS_EINTERRUPTED;
    x = canonical(oracle, x);
    gradus_known *known = &oracle->known;
    gradus_err err = GRADUS_OK;
    bool paid = is_known(oracle, x) && !known->value_unbilled;
    if (!paid) {
        oracle->counts.value_evaluations++;
        oracle->counts.value_examples += oracle->batch.count;
        gradus_oracle_enter(oracle, GRADUS_PHASE_EVALUATION);
        err = oracle->full ? remember(oracle, x, false) : evaluate(oracle, x, value, NULL);
        gradus_oracle_leave(oracle);
    }
    if (!err && oracle->full)
        *value = known->value;
    return err;
}

static const gradus_batch *curvature_batch(const gradus_oracle *oracle) {
    return oracle->curvature ? oracle->curvature : &oracle->batch;
}

void gradus_oracle_set_curvature(gradus_oracle *oracle, const gradus_batch *batch) {
    oracle->curvature = batch;
}

static gradus_err multiply(gradus_oracle *oracle, gradus_call_kind kind, const double x[],
                           const double v[], double result[]) {
    if (is_over(oracle))
        return GRADUS_EINTERRUPTED;
    x = canonical(oracle, x);
    v = canonical_direction(oracle, v);
    oracle->counts.products++;
    const gradus_batch *batch = curvature_batch(oracle);
    oracle->counts.product_examples += batch->count;
    gradus_oracle_enter(oracle, GRADUS_PHASE_PRODUCT);
    gradus_err err =
        gradus_call_product(oracle->problem, kind, batch, x, v, result, &oracle->trouble);
    gradus_oracle_leave(oracle);
    if (!err)
        pull_back(oracle, result, false);
    return err;
}

gradus_err gradus_oracle_product(gradus_oracle *oracle, const double x[], const double v[],
                                 double result[]) {
    return multiply(oracle, GRADUS_CALL_PRODUCT, x, v, result);
}

/* A dense Hessian counts as as many products as it has columns.  */
gradus_err gradus_oracle_hessian(gradus_oracle *oracle, const double x[], double matrix[]) {
    if (is_over(oracle))
        return GRADUS_EINTERRUPTED;
    const gradus_problem *problem = oracle->problem;
    x = canonical(oracle, x);
    oracle->counts.products += problem->dimension;
    const gradus_batch *batch = curvature_batch(oracle);
    oracle->counts.product_examples += problem->dimension * batch->count;
    gradus_oracle_enter(oracle, GRADUS_PHASE_PRODUCT);
    gradus_err err = gradus_call_hessian(problem, batch, x, matrix, &oracle->trouble);
    gradus_oracle_leave(oracle);
    if (!err)
        pull_back(oracle, matrix, true);
    return err;
}

gradus_err gradus_oracle_gauss_newton(gradus_oracle *oracle, const double x[],
                                      const double v[], double result[]) {
    return multiply(oracle, GRADUS_CALL_GAUSS_NEWTON, x, v, result);
}

gradus_err gradus_oracle_diagonal(gradus_oracle *oracle, const double x[],
                                  double diagonal[]) {
    if (is_over(oracle))
        return GRADUS_EINTERRUPTED;
    const gradus_problem *problem = oracle->problem;
    oracle->counts.gradient_evaluations++;
    oracle->counts.gradient_examples += curvature_batch(oracle)->count;
    gradus_oracle_enter(oracle, GRADUS_PHASE_EVALUATION);
    gradus_err err = gradus_call_diagonal(problem, curvature_batch(oracle), x, diagonal,
                                          &oracle->trouble);
    gradus_oracle_leave(oracle);
    return err;
}

/* What does not carry over to other coordinates.  */
static const unsigned PROBLEMS_OWN = GRADUS_CAN_DIAGONAL | GRADUS_CAN_PRECONDITION;

unsigned gradus_oracle_abilities(const gradus_oracle *oracle) {
    unsigned all = gradus_problem_abilities(oracle->problem);
    return oracle->coordinates ? all & ~PROBLEMS_OWN : all;
}

size_t gradus_oracle_preconditioner_size(const gradus_oracle *oracle) {
    return oracle->problem->type->preconditioner_size(oracle->problem->self);
}

gradus_err gradus_oracle_prepare(gradus_oracle *oracle, const gradus_batch *batch,
                                 const double x[], double damping, double memory[]) {
    if (is_over(oracle))
        return GRADUS_EINTERRUPTED;
    const gradus_problem *problem = oracle->problem;
    oracle->counts.gradient_evaluations++;
    oracle->counts.gradient_examples += batch->count;
    gradus_oracle_enter(oracle, GRADUS_PHASE_PRECONDITIONER);
    gradus_err err = problem->type->prepare(problem->self, batch, x, damping, memory);
    gradus_oracle_leave(oracle);
    return err;
}

gradus_err gradus_oracle_precondition(gradus_oracle *oracle, double memory[],
                                      const double v[], double result[]) {
    if (is_over(oracle))
        return GRADUS_EINTERRUPTED;
    const gradus_problem *problem = oracle->problem;
    gradus_oracle_enter(oracle, GRADUS_PHASE_PRECONDITIONER);
    gradus_err err = gradus_call_precondition(problem, memory, v, result, &oracle->trouble);
    gradus_oracle_leave(oracle);
    return err;
}

/* ---- Trials on a ray ---- */

bool gradus_oracle_has_ray(const gradus_oracle *oracle) {
    const gradus_problem_type *type = oracle->problem->type;
    return type->ray && type->along && type->features;
}

gradus_err gradus_oracle_ray(gradus_oracle *oracle, const double x[],
                             const double direction[]) {
    if (is_over(oracle))
        return GRADUS_EINTERRUPTED;
    const gradus_problem *problem = oracle->problem;
    x = canonical(oracle, x);
    direction = canonical_direction(oracle, direction);
    oracle->counts.value_evaluations++;
    oracle->counts.value_examples += oracle->batch.count;
    gradus_oracle_enter(oracle, GRADUS_PHASE_EVALUATION);
    gradus_err err = problem->type->ray(problem->self, &oracle->batch, x, direction);
    gradus_oracle_leave(oracle);
    return err;
}

/* Coordinates do not matter: x + t d goes to J x + t J d.  */
gradus_err gradus_oracle_along(gradus_oracle *oracle, double step, double *value,
                               double *slope) {
    if (is_over(oracle))
        return GRADUS_EINTERRUPTED;
    const gradus_problem *problem = oracle->problem;
    oracle->counts.ray_evaluations++;
    oracle->counts.ray_examples += oracle->batch.count;
    gradus_oracle_enter(oracle, GRADUS_PHASE_EVALUATION);
    gradus_err err = gradus_call_along(problem, step, value, slope, &oracle->trouble);
    gradus_oracle_leave(oracle);
    return err;
}

size_t gradus_oracle_updates(const gradus_oracle *oracle) { return oracle->updates; }

double gradus_oracle_epoch(const gradus_oracle *oracle) { return oracle->epoch; }

size_t gradus_oracle_validation_examples(const gradus_oracle *oracle) {
    const gradus_problem *problem = oracle->problem;
    return problem->type->measure
               ? problem->type->subset_examples(problem->self, GRADUS_VALIDATION)
               : 0;
}

gradus_err gradus_oracle_validation(gradus_oracle *oracle, const double x[],
                                    double *value) {
    if (is_over(oracle))
        return GRADUS_EINTERRUPTED;
    const gradus_problem *problem = oracle->problem;
    gradus_metrics metrics = {.value = NAN};
    size_t count = gradus_oracle_validation_examples(oracle);
    x = canonical(oracle, x);
    oracle->counts.value_evaluations++;
    oracle->counts.value_examples += count;
    gradus_oracle_enter(oracle, GRADUS_PHASE_EVALUATION);
    gradus_oracle_begin_measuring(oracle);
    gradus_err err =
        problem->type->measure(problem->self, GRADUS_VALIDATION, count, x, &metrics);
    gradus_oracle_end_measuring(oracle);
    gradus_oracle_leave(oracle);
    *value = metrics.value;
    return err;
}

/* ---- The layer view ---- */

size_t gradus_oracle_layers(const gradus_oracle *oracle) {
    return oracle->problem->type->layers(oracle->problem->self);
}

void gradus_oracle_layer(const gradus_oracle *oracle, size_t index, gradus_layer *out) {
    oracle->problem->type->layer(oracle->problem->self, index, out);
}

/* Selection sampling (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S):
   sorted, so that the data are read in order, and without memory of its own.  */
size_t gradus_oracle_sample(gradus_oracle *oracle, size_t count, size_t rows[]) {
    size_t examples = oracle->problem->examples, chosen = 0;
    oracle->fresh_sample = true;
    if (count > examples)
        count = examples;
    for (size_t row = 0; chosen < count; row++)
        if (gradus_stream_below(oracle->samples, examples - row) < count - chosen)
            rows[chosen++] = row;
    return count;
}

/* Inputs, and with SIGNALS those too.  */
static gradus_err look_at_layers(gradus_oracle *oracle, const gradus_batch *batch,
                                 gradus_stream *targets, const double x[],
                                 double *const inputs[], double *const signals[]) {
    if (is_over(oracle))
        return GRADUS_EINTERRUPTED;
    const gradus_problem *problem = oracle->problem;
    oracle->counts.gradient_evaluations += oracle->fresh_sample;
    oracle->fresh_sample = false;
    oracle->counts.gradient_examples += batch->count;
    gradus_oracle_enter(oracle, GRADUS_PHASE_EVALUATION);
    gradus_err err = signals
                         ? gradus_call_signals(problem, batch, targets, x, inputs, signals,
                                               &oracle->trouble)
                         : gradus_call_inputs(problem, batch, x, inputs, &oracle->trouble);
    gradus_oracle_leave(oracle);
    return err;
}

gradus_err gradus_oracle_inputs(gradus_oracle *oracle, const gradus_batch *batch,
                                const double x[], double *const inputs[]) {
    return look_at_layers(oracle, batch, NULL, x, inputs, NULL);
}

gradus_err gradus_oracle_signals(gradus_oracle *oracle, const gradus_batch *batch,
                                 bool drawn, const double x[], double *const inputs[],
                                 double *const signals[]) {
    return look_at_layers(oracle, batch, drawn ? oracle->samples : NULL, x, inputs,
                          signals);
}

gradus_err gradus_oracle_mapped_gradient(gradus_oracle *oracle, const double x[],
                                         gradus_mapping *mapping, double *value,
                                         double gradient[]) {
    if (is_over(oracle))
        return GRADUS_EINTERRUPTED;
    const gradus_problem *problem = oracle->problem;
    oracle->counts.gradient_evaluations++;
    oracle->counts.gradient_examples += oracle->batch.count;
    gradus_oracle_enter(oracle, GRADUS_PHASE_EVALUATION);
    gradus_err err = gradus_call_mapped_gradient(problem, &oracle->batch, x, mapping, value,
                                                 gradient, &oracle->trouble);
    if (!err)
        fold(oracle);
    gradus_oracle_leave(oracle);
    return err;
}
