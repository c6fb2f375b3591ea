/* Calling functions of types that are not the library's own.  */

#include "core/calls.h"

#include "core/unwritten.h"

#include <math.h>

static const char *const names[GRADUS_CALLS] = {
    [GRADUS_CALL_EVALUATE] = "evaluate",
    [GRADUS_CALL_PRODUCT] = "product",
    [GRADUS_CALL_GAUSS_NEWTON] = "gauss_newton",
    [GRADUS_CALL_HESSIAN] = "hessian",
    [GRADUS_CALL_DIAGONAL] = "diagonal",
    [GRADUS_CALL_PRECONDITION] = "precondition",
    [GRADUS_CALL_ALONG] = "along",
    [GRADUS_CALL_INPUTS] = "inputs",
    [GRADUS_CALL_SIGNALS] = "signals",
    [GRADUS_CALL_MAPPED_GRADIENT] = "mapped_gradient",
};

/* An array of the call that is about to be made, marked; NULL: it is not asked for.  */
static gradus_written begin(const gradus_problem *problem, gradus_call_kind kind,
                            const char *array, size_t rows, size_t columns,
                            double entries[]) {
    const gradus_written written = {.function = names[kind],
                                    .array = array,
                                    .call = problem->calls[kind] + 1,
                                    .rows = entries ? rows : 0,
                                    .columns = columns,
                                    .entries = entries};
    gradus_unwritten_mark(&written);
    return written;
}

/* What the call that returned ERR left out.  */
static gradus_err end(const gradus_written *written, gradus_err err, gradus_error *why) {
    return err || written->rows == 0 ? err : gradus_unwritten_refuse(written, why);
}

gradus_err gradus_call_evaluate(const gradus_problem *problem, const gradus_batch *batch,
                                const double x[], double *value, double gradient[],
                                gradus_error *why) {
    const gradus_problem_type *type = problem->type;
    if (!problem->calls)
        return type->evaluate(problem->self, batch, x, value, gradient);
    double own; /* it says whether the gradient must be there */
    value = value ? value : &own;
    gradus_written v = begin(problem, GRADUS_CALL_EVALUATE, "value", 1, 1, value);
    gradus_written g =
        begin(problem, GRADUS_CALL_EVALUATE, "gradient", 1, problem->dimension, gradient);
    problem->calls[GRADUS_CALL_EVALUATE]++;
    gradus_err err = type->evaluate(problem->self, batch, x, value, gradient);
    err = end(&v, err, why);
    return !err && isfinite(*value) ? end(&g, err, why) : err;
}

gradus_err gradus_call_product(const gradus_problem *problem, gradus_call_kind kind,
                               const gradus_batch *batch, const double x[],
                               const double v[], double result[], gradus_error *why) {
    const gradus_problem_type *type = problem->type;
    gradus_err (*product)(void *, const gradus_batch *, const double[], const double[],
                          double[]) =
        kind == GRADUS_CALL_PRODUCT ? type->product : type->gauss_newton;
    if (!problem->calls)
        return product(problem->self, batch, x, v, result);
    gradus_written r = begin(problem, kind, "result", 1, problem->dimension, result);
    problem->calls[kind]++;
    return end(&r, product(problem->self, batch, x, v, result), why);
}

gradus_err gradus_call_hessian(const gradus_problem *problem, const gradus_batch *batch,
                               const double x[], double matrix[], gradus_error *why) {
    const gradus_problem_type *type = problem->type;
    size_t n = problem->dimension;
    if (!problem->calls)
        return type->hessian(problem->self, batch, x, matrix);
    gradus_written m = begin(problem, GRADUS_CALL_HESSIAN, "matrix", n, n, matrix);
    problem->calls[GRADUS_CALL_HESSIAN]++;
    return end(&m, type->hessian(problem->self, batch, x, matrix), why);
}

gradus_err gradus_call_diagonal(const gradus_problem *problem, const gradus_batch *batch,
                                const double x[], double diagonal[], gradus_error *why) {
    const gradus_problem_type *type = problem->type;
    if (!problem->calls)
        return type->diagonal(problem->self, batch, x, diagonal);
    gradus_written d =
        begin(problem, GRADUS_CALL_DIAGONAL, "diagonal", 1, problem->dimension, diagonal);
    problem->calls[GRADUS_CALL_DIAGONAL]++;
    return end(&d, type->diagonal(problem->self, batch, x, diagonal), why);
}

gradus_err gradus_call_precondition(const gradus_problem *problem, double memory[],
                                    const double v[], double result[], gradus_error *why) {
    const gradus_problem_type *type = problem->type;
    if (!problem->calls || result == v) /* what it reads cannot be marked */
        return type->precondition(problem->self, memory, v, result);
    gradus_written r =
        begin(problem, GRADUS_CALL_PRECONDITION, "result", 1, problem->dimension, result);
    problem->calls[GRADUS_CALL_PRECONDITION]++;
    return end(&r, type->precondition(problem->self, memory, v, result), why);
}

gradus_err gradus_call_along(const gradus_problem *problem, double step, double *value,
                             double *slope, gradus_error *why) {
    const gradus_problem_type *type = problem->type;
    if (!problem->calls)
        return type->along(problem->self, step, value, slope);
    gradus_written v = begin(problem, GRADUS_CALL_ALONG, "value", 1, 1, value);
    gradus_written s = begin(problem, GRADUS_CALL_ALONG, "slope", 1, 1, slope);
    problem->calls[GRADUS_CALL_ALONG]++;
    gradus_err err = end(&v, type->along(problem->self, step, value, slope), why);
    return !err && isfinite(*value) ? end(&s, err, why) : err;
}

/* ---- The layer view ---- */

/* ROWS[layer] is what FUNCTION writes there, COUNT x its inputs or outputs.  Marks all, or
   with CHECK looks at them.  */
static gradus_err visit_layers(const gradus_problem *problem, gradus_call_kind kind,
                               size_t count, bool outputs, double *const rows[], bool check,
                               gradus_error *why) {
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; !err && i < problem->type->layers(problem->self); i++) {
        gradus_layer layer;
        problem->type->layer(problem->self, i, &layer);
        const gradus_written written = {.function = names[kind],
                                        .array = outputs ? "signals" : "inputs",
                                        .call = problem->calls[kind],
                                        .rows = rows[i] ? count : 0,
                                        .columns = outputs ? layer.outputs : layer.inputs,
                                        .entries = rows[i]};
        if (!check)
            gradus_unwritten_mark(&written);
        else
            err = end(&written, err, why);
    }
    return err;
}

gradus_err gradus_call_inputs(const gradus_problem *problem, const gradus_batch *batch,
                              const double x[], double *const inputs[], gradus_error *why) {
    const gradus_problem_type *type = problem->type;
    const gradus_call_kind kind = GRADUS_CALL_INPUTS;
    if (!problem->calls)
        return type->inputs(problem->self, batch, x, inputs);
    problem->calls[kind]++;
    visit_layers(problem, kind, batch->count, false, inputs, false, why);
    gradus_err err = type->inputs(problem->self, batch, x, inputs);
    return err ? err : visit_layers(problem, kind, batch->count, false, inputs, true, why);
}

gradus_err gradus_call_signals(const gradus_problem *problem, const gradus_batch *batch,
                               gradus_stream *targets, const double x[],
                               double *const inputs[], double *const signals[],
                               gradus_error *why) {
    const gradus_problem_type *type = problem->type;
    const gradus_call_kind kind = GRADUS_CALL_SIGNALS;
    if (!problem->calls)
        return type->signals(problem->self, batch, targets, x, inputs, signals);
    problem->calls[kind]++;
    visit_layers(problem, kind, batch->count, false, inputs, false, why);
    visit_layers(problem, kind, batch->count, true, signals, false, why);
    gradus_err err = type->signals(problem->self, batch, targets, x, inputs, signals);
    if (!err)
        err = visit_layers(problem, kind, batch->count, false, inputs, true, why);
    return err ? err : visit_layers(problem, kind, batch->count, true, signals, true, why);
}

gradus_err gradus_call_mapped_gradient(const gradus_problem *problem,
                                       const gradus_batch *batch, const double x[],
                                       gradus_mapping *mapping, double *value,
                                       double gradient[], gradus_error *why) {
    const gradus_problem_type *type = problem->type;
    const gradus_call_kind kind = GRADUS_CALL_MAPPED_GRADIENT;
    if (!problem->calls)
        return type->mapped_gradient(problem->self, batch, x, mapping, value, gradient);
    double own;
    value = value ? value : &own;
    gradus_written v = begin(problem, kind, "value", 1, 1, value);
    gradus_written rest[] = {
        begin(problem, kind, "gradient", 1, problem->dimension, gradient),
        begin(problem, kind, "square", 1, 1,
              mapping->wants_square ? &mapping->square : NULL),
        begin(problem, kind, "product", 1, 1,
              mapping->wants_product ? &mapping->product : NULL)};
    problem->calls[kind]++;
    gradus_err err =
        type->mapped_gradient(problem->self, batch, x, mapping, value, gradient);
    err = end(&v, err, why);
    for (size_t i = 0; !err && isfinite(*value) && i < sizeof rest / sizeof *rest; i++)
        err = end(&rest[i], err, why);
    return err;
}
