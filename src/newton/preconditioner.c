/* Preconditioners for conjugate gradients.

     diagonal:  M = (|diag H| + damping + floor)^exponent,  floor = 1e-8 of the largest entry

   A diagonal says nothing where its entry is 0 or negative: the floor and the absolute value
   keep M positive.  With exponent 3/4 it is the one of Martens, "Deep learning via
   Hessian-free optimization", ICML 2010, section 4.7; with 1 it is Jacobi's (Nocedal and
   Wright, Numerical Optimization, 2006, section 7.1).  */

#include "newton/preconditioner.h"

#include <math.h>
#include <string.h>

static const double FLOOR = 1e-8;

/* What the oracle lacks for a kind, in words; NULL when it lacks nothing.  */
static const char *lacking(long kind, const gradus_oracle *oracle) {
    unsigned can = gradus_oracle_abilities(oracle);
    if (kind == GRADUS_PRECONDITIONER_DIAGONAL && !(can & GRADUS_CAN_DIAGONAL))
        return "diagonal needs the diagonal of the Hessian";
    if (kind == GRADUS_PRECONDITIONER_PROBLEM && !(can & GRADUS_CAN_PRECONDITION))
        return "problem needs a preconditioner of the problem's own";
    return NULL;
}

static void ask_for_memory(gradus_preconditioner *p, const gradus_oracle *oracle,
                           gradus_state *state) {
    static const char name[] = "preconditioner";
    if (p->kind == GRADUS_PRECONDITIONER_DIAGONAL) {
        p->memory = gradus_state_vector(state, name, p->n);
        p->diagonal = gradus_state_scratch(state, p->n, sizeof *p->diagonal);
    }
    if (p->kind != GRADUS_PRECONDITIONER_PROBLEM)
        return;
    size_t examples = gradus_oracle_examples(oracle);
    size_t asked = (size_t)p->params->preconditioner_samples;
    p->samples = asked < examples ? asked : examples;
    p->rows = gradus_state_scratch(state, p->samples, sizeof *p->rows);
    p->memory = gradus_state_vector(state, name, gradus_oracle_preconditioner_size(oracle));
}

gradus_err gradus_preconditioner_open(gradus_preconditioner *p,
                                      const gradus_preconditioner_params *params,
                                      const char *owner, long automatic, double exponent,
                                      const gradus_oracle *oracle, gradus_state *state,
                                      gradus_error *why) {
    *p = (gradus_preconditioner){.params = params,
                                 .kind = params->preconditioner,
                                 .n = gradus_oracle_dimension(oracle),
                                 .exponent = exponent};
    if (p->kind == GRADUS_PRECONDITIONER_AUTO)
        p->kind = lacking(automatic, oracle) ? GRADUS_PRECONDITIONER_NONE : automatic;
    const char *lack = lacking(p->kind, oracle);
    if (lack)
        return gradus_fail(why, GRADUS_EUNSUPPORTED,
                           "%s: preconditioner=%s, which the problem does not have in the "
                           "coordinates of the run",
                           owner, lack);
    ask_for_memory(p, oracle, state);
    gradus_state_keep_size(state, "preconditioner_found", &p->found);
    gradus_state_keep_size(state, "preconditioner_iterations", &p->iterations);
    return GRADUS_OK;
}

/* M from the diagonal.  */
static void make_positive(gradus_preconditioner *p, double damping) {
    double largest = 0.0;
    for (size_t i = 0; i < p->n; i++)
        largest = fmax(largest, fabs(p->memory[i]));
    damping += largest > 0.0 ? FLOOR * largest : 1.0;
    for (size_t i = 0; i < p->n; i++)
        p->diagonal[i] = pow(fabs(p->memory[i]) + damping, p->exponent);
}

gradus_err gradus_preconditioner_refresh(gradus_preconditioner *p, gradus_oracle *oracle,
                                         const double x[], double damping) {
    size_t patience = (size_t)p->params->preconditioner_patience;
    bool due = patience == 0 || p->iterations > patience;
    p->found = p->found || due;
    gradus_err err = GRADUS_OK;
    if (p->kind == GRADUS_PRECONDITIONER_DIAGONAL) {
        if (due)
            err = gradus_oracle_diagonal(oracle, x, p->memory);
        make_positive(p, damping);
    }
    if (p->kind == GRADUS_PRECONDITIONER_PROBLEM && due) {
        gradus_batch sample = {.rows = p->rows};
        sample.count = gradus_oracle_sample(oracle, p->samples, p->rows);
        err = gradus_oracle_prepare(oracle, &sample, x, damping, p->memory);
    }
    return err;
}

gradus_err gradus_preconditioner_apply(const gradus_preconditioner *p,
                                       gradus_oracle *oracle, const double v[],
                                       double result[]) {
    if (!p->found) {
        memcpy(result, v, p->n * sizeof *v);
        return GRADUS_OK;
    }
    if (p->kind == GRADUS_PRECONDITIONER_PROBLEM)
        return gradus_oracle_precondition(oracle, p->memory, v, result);
    for (size_t i = 0; i < p->n; i++)
        result[i] = v[i] / p->diagonal[i];
    return GRADUS_OK;
}
