/* AdaGrad: steps scaled by the root of the sum of all squared gradients.

     s <- s + g^2
     x <- x - a g / (sqrt(s) + epsilon)       epsilon outside the root
     x <- x - a g / sqrt(s + epsilon)         inside

   element by element, s = 0 at the start.

   Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic
   optimization", Journal of Machine Learning Research 12, 2011, the diagonal form.  */

#include "first_order/averages.h"
#include "first_order/descent.h"

typedef struct {
    gradus_descent_params descent;
    double epsilon;
    long epsilon_placement;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 1e-2, 1e-3, 1.0, 7,
                        "How far the first step moves any one parameter, nearly."),
    GRADUS_EPSILON_ROW(params_t, 1e-8),
    GRADUS_PLACEMENT_ROW(params_t),
    {0}};

typedef struct {
    gradus_descent descent;
    double *s; /* n: sum of g^2 */
    gradus_epsilon epsilon;
} adagrad_t;

static gradus_err adagrad_open(void *self, const void *values, gradus_oracle *oracle,
                               gradus_state *state, gradus_error *why) {
    adagrad_t *adagrad = self;
    const params_t *p = values;
    gradus_err err =
        gradus_descent_open(&adagrad->descent, &p->descent, oracle, state, why);
    adagrad->s = gradus_state_vector(state, "sum_of_squares", adagrad->descent.n);
    adagrad->epsilon = gradus_epsilon_at(p->epsilon_placement, p->epsilon);
    return err;
}

static void move(const void *self, double a, double x[], size_t begin, size_t end) {
    const adagrad_t *adagrad = self;
    const double *g = adagrad->descent.g;
    double *s = adagrad->s;
    gradus_epsilon epsilon = adagrad->epsilon;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        s[i] += g[i] * g[i];
        x[i] -= gradus_over_root(a * g[i], s[i], epsilon);
    }
}

static gradus_err adagrad_step(void *self, gradus_oracle *oracle, double x[],
                               gradus_report *report) {
    adagrad_t *adagrad = self;
    gradus_err err = gradus_descent_begin(&adagrad->descent, oracle, x, x, report);
    if (!err && !report->stop)
        gradus_descent_move(adagrad, move, report->learning_rate, x);
    return err;
}

const gradus_method_type gradus_method_adagrad = {
    .name = "adagrad",
    .brief = "steps scaled by the root of the sum of all squared gradients",
    .formula = "s <- s + g^2,  x <- x - learning_rate g / (sqrt(s) + epsilon)",
    .citation = "Duchi, Hazan and Singer, JMLR 12, 2011",
    .notes = "With epsilon outside this is PyTorch's form, whose epsilon is 1e-10.",
    .size = sizeof(adagrad_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = adagrad_open,
    .step = adagrad_step,
};
