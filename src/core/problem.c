/* Opening and asking problems.  */

#include "core/problem.h"

#include "base/memory.h"
#include "core/calls.h"
#include "core/registry.h"
#include "linalg/blas.h"
#include "linalg/processor.h"

#include <math.h>

/* Gradus's kernels are as the environment asks, and OpenBLAS runs on one thread.  */
static gradus_err settle_linalg(gradus_error *why) {
    gradus_err err = gradus_vectors_check(why);
    return err ? err : gradus_blas_single_thread(why);
}

/* A type of the caller's own may lack what it must have.  */
static gradus_err check_type(const gradus_problem_type *type, gradus_error *why) {
    const char *missing = !type->name        ? "name"
                          : !type->dimension ? "dimension"
                          : !type->evaluate  ? "evaluate"
                          : type->measure && !type->subset_examples
                              ? "subset_examples, which goes with measure"
                              : NULL;
    if (!missing)
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EINPUT, "the problem type %s has no %s",
                       type->name ? type->name : "of the caller's", missing);
}

static bool is_own(const gradus_problem_type *type) {
    size_t i = 0;
    while (gradus_problem_types[i] && gradus_problem_types[i] != type)
        i++;
    return gradus_problem_types[i] == type;
}

static gradus_err complete(gradus_problem *problem, gradus_error *why) {
    const gradus_problem_type *type = problem->type;
    problem->foreign = !is_own(type);
    if (problem->foreign) {
        problem->calls = GRADUS_NEW(GRADUS_CALLS, size_t);
        if (!problem->calls)
            return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", type->name);
    }
    problem->dimension = type->dimension(problem->self);
    problem->examples = type->examples ? type->examples(problem->self) : 1;
    if (problem->dimension == 0 || problem->examples == 0)
        return gradus_fail(why, GRADUS_EINPUT, "%s has no %s", type->name,
                           problem->dimension ? "examples" : "parameters");
    return GRADUS_OK;
}

gradus_err gradus_problem_open_settings(gradus_problem **out,
                                        const gradus_problem_type *type,
                                        gradus_settings *settings, size_t threads,
                                        gradus_error *why) {
    *out = NULL;
    gradus_err err = settle_linalg(why);
    gradus_problem *problem = err ? NULL : GRADUS_NEW(1, gradus_problem);
    if (!problem) {
        gradus_settings_close(settings);
        return err ? err : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", type->name);
    }
    *problem = (gradus_problem){
        .type = type, .settings = *settings, .threads = threads ? threads : 1};
    settings->values = NULL;
    problem->self = gradus_allocate(1, type->size);
    err = problem->self
              ? type->open(problem->self, problem->settings.values, problem->threads, why)
              : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", type->name);
    if (!err)
        err = complete(problem, why);
    if (err) {
        gradus_problem_close(problem);
        return err;
    }
    *out = problem;
    return GRADUS_OK;
}

gradus_err gradus_problem_open(gradus_problem **out, const gradus_problem_type *type,
                               const char *options, size_t threads, gradus_error *why) {
    *out = NULL;
    gradus_settings settings;
    gradus_err err = check_type(type, why);
    if (!err && !type->open)
        err = gradus_fail(why, GRADUS_EINPUT,
                          "%s has no open: expected an instance for gradus_problem_wrap",
                          type->name);
    if (err)
        return err;
    err = gradus_settings_open(&settings, type->name, type->params, type->params_size, why);
    if (!err)
        err = gradus_settings_parse(&settings, options, why);
    if (err) {
        gradus_settings_close(&settings);
        return err;
    }
    return gradus_problem_open_settings(out, type, &settings, threads, why);
}

gradus_err gradus_problem_create(gradus_problem **out, const char *spec, size_t threads,
                                 gradus_error *why) {
    *out = NULL;
    const char *options;
    const gradus_problem_type *type = gradus_problem_of_spec(spec, &options, why);
    return type ? gradus_problem_open(out, type, options, threads, why) : GRADUS_EINPUT;
}

gradus_err gradus_problem_wrap(gradus_problem **out, const gradus_problem_type *type,
                               void *self, size_t threads, gradus_error *why) {
    *out = NULL;
    gradus_err err = check_type(type, why);
    if (!err)
        err = settle_linalg(why);
    if (err)
        return err;
    gradus_problem *problem = GRADUS_NEW(1, gradus_problem);
    if (!problem)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", type->name);
    *problem = (gradus_problem){
        .type = type, .self = self, .borrowed = true, .threads = threads ? threads : 1};
    err = complete(problem, why);
    if (err)
        gradus_problem_close(problem);
    else
        *out = problem;
    return err;
}

void gradus_problem_close(gradus_problem *problem) {
    if (!problem)
        return;
    if (!problem->borrowed) {
        if (problem->self && problem->type->close)
            problem->type->close(problem->self);
        gradus_free(problem->self);
    }
    gradus_settings_close(&problem->settings);
    gradus_free(problem->calls);
    gradus_free(problem);
}

void gradus_problem_trust(gradus_problem *problem) {
    gradus_free(problem->calls);
    problem->calls = NULL;
}

const gradus_problem_type *gradus_problem_get_type(const gradus_problem *problem) {
    return problem->type;
}

size_t gradus_problem_dimension(const gradus_problem *problem) {
    return problem->dimension;
}

size_t gradus_problem_examples(const gradus_problem *problem) { return problem->examples; }

double gradus_problem_gap_bound(const gradus_problem *problem, double gradient_norm) {
    const gradus_problem_type *type = problem->type;
    double mu = type->strong_convexity ? type->strong_convexity(problem->self) : 0.0;
    return mu > 0.0 ? gradient_norm * (gradient_norm / (2.0 * mu)) : NAN;
}

unsigned gradus_problem_abilities(const gradus_problem *problem) {
    const gradus_problem_type *type = problem->type;
    bool layers = type->layers && type->layer && type->inputs;
    bool precondition = type->preconditioner_size && type->prepare && type->precondition &&
                        type->preconditioner_size(problem->self) > 0;
    unsigned all = (type->product ? GRADUS_CAN_PRODUCT : 0u) |
                   (type->hessian ? GRADUS_CAN_HESSIAN : 0u) |
                   (type->diagonal ? GRADUS_CAN_DIAGONAL : 0u) |
                   (type->gauss_newton ? GRADUS_CAN_GAUSS_NEWTON : 0u) |
                   (layers ? GRADUS_CAN_LAYERS : 0u) |
                   (layers && type->signals ? GRADUS_CAN_SIGNALS : 0u) |
                   (layers && type->mapped_gradient ? GRADUS_CAN_MAP : 0u) |
                   (precondition ? GRADUS_CAN_PRECONDITION : 0u);
    all &= ~(type->lacks ? type->lacks(problem->self) : 0u);
    bool curvature = all & (GRADUS_CAN_PRODUCT | GRADUS_CAN_HESSIAN);
    return all | (curvature ? GRADUS_CAN_CURVATURE : 0u);
}
