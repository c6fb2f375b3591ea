/* K-FAC as in its paper, which finds the rate, the momentum and the damping by itself.

     D = -F~^-1 g,   d = a D + m d',   x <- x + d,

   F~ being the Kronecker products of kronecker.h, d' the last step, and a and m where the
   model of the step is least,

     M(d) = g'd + d'(F + lambda I)d / 2,
     [a; m] = -[D'FD + lambda D'D, D'Fd' + lambda D'd';  ., d'Fd' + lambda d'd']^-1 [g'D; g'd'].

   F is the exact Fisher matrix, reached by two Gauss-Newton products, with the regulariser's
   Hessian.  Every few updates lambda follows the ratio of what the value changed by to what
   the model promised, M(d) = (a g'D + m g'd') / 2, by Levenberg and Marquardt's rule, and
   gamma is the one of gamma, w gamma and gamma / w whose model is least.

   Martens and Grosse, "Optimizing neural networks with Kronecker-factored approximate
   curvature", ICML 2015, sections 6.4 to 7.  */

#include "core/settings.h"
#include "linalg/vector.h"
#include "natural/kronecker.h"

#include <float.h>
#include <math.h>

static const double GOOD = 0.75, BAD = 0.25; /* ratios of actual and promised changes */

enum { EARLY = 3 }; /* first updates, each of which has statistics of its own */

typedef struct {
    double damping, damping_factor;
    long damping_interval;
    double gamma, gamma_maximum, gamma_factor;
    long gamma_interval;
    double decay;
    long interval, samples, curvature_samples, momentum, fisher;
} params_t;

enum { YES, NO };

#define COUNT_ROW .minimum = 1, .maximum = 9007199254740992.0, .flags = GRADUS_LOG

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, damping), .initial = 150, .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_LOG, .grid = {1, 1000, 4},
     .help = "Added to the Fisher matrix in the model of a step (lambda), in the first "
             "update."},
    {GRADUS_FIELD(params_t, damping_factor), .initial = 0.95, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MINIMUM,
     .help = "Where the model was good, lambda is multiplied by this, where it was bad "
             "divided, for every update since it was last; 1 keeps it."},
    {GRADUS_FIELD(params_t, damping_interval), .initial = 5, COUNT_ROW,
     .help = "Updates between looks at how good the model was."},
    {GRADUS_FIELD(params_t, gamma), .minimum = 0, .maximum = INFINITY, .unset = "auto",
     .flags = GRADUS_LOG,
     .help = "Added to both factors, in the first update, gamma_maximum at most; `auto` is "
             "the root of damping, which is none where that is 0."},
    {GRADUS_FIELD(params_t, gamma_maximum), .initial = 1, .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_LOG,
     .help = "Most that gamma may become.  Far above the factors it makes of the direction "
             "the gradient, and may not find back."},
    {GRADUS_FIELD(params_t, gamma_factor), .initial = 0.9747, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MINIMUM,
     .help = "Gamma becomes itself, that times this or that divided by this, for every "
             "update since it was last; 1 keeps it."},
    {GRADUS_FIELD(params_t, gamma_interval), .initial = 20, COUNT_ROW,
     .help =
         "Updates between choices of gamma, each at the cost of two more directions and "
         "products, and two or three more inverses."},
    {GRADUS_FIELD(params_t, decay), .initial = 0.36, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM,
     .help = "Share of the running averages that fresh statistics leave, 0.95 an update at "
             "the default interval; 0 uses these alone."},
    {GRADUS_FIELD(params_t, interval), .initial = 20, COUNT_ROW, .grid = {10, 100, 3},
     .help = "Updates between fresh statistics and inverses; the first three have their "
             "own."},
    {GRADUS_FIELD(params_t, samples), .initial = 500, COUNT_ROW,
     .help = "Training examples, drawn anew, that statistics are taken over; at most all "
             "of them."},
    {GRADUS_FIELD(params_t, curvature_samples), COUNT_ROW, .unset = "all",
     .help = "Training examples, drawn anew in every update, that products are over; at "
             "most all of them; `all` is the batch of the update."},
    {GRADUS_FIELD(params_t, momentum), .choices = "yes|no", .initial = YES,
     .help = "Whether the last step is part of the next."},
    {GRADUS_FIELD(params_t, fisher), .choices = "model|empirical|inputs",
     .initial = GRADUS_FISHER_MODEL,
     .help = "Targets that G is made from: drawn from the model's prediction, the data's, "
             "or none, which is G = I."},
    {0}};

typedef struct {
    const params_t *p;
    size_t n, threads, updates;
    gradus_kronecker kronecker;
    double lambda, gamma;
    double *g, *direction, *step; /* n each: gradient, D, d' and then d */
    double *FD, *Fd;              /* n each: products with F */
    double value;
    size_t *rows, samples; /* of the products; NULL: the batch of the update */
} adaptive_t;

/* Where the model is least along D and d', and what it is there.  */
typedef struct {
    double rate, momentum, change;
} fit_t;

static gradus_err adaptive_open(void *self, const void *values, gradus_oracle *oracle,
                                gradus_state *state, gradus_error *why) {
    adaptive_t *s = self;
    const params_t *p = s->p = values;
    s->n = gradus_oracle_dimension(oracle);
    s->threads = gradus_oracle_threads(oracle);
    s->lambda = p->damping;
    s->gamma =
        fmin(gradus_real_given(p->gamma) ? p->gamma : sqrt(p->damping), p->gamma_maximum);
    gradus_state_keep_size(state, "updates", &s->updates);
    gradus_state_keep_real(state, "lambda", &s->lambda);
    gradus_state_keep_real(state, "gamma", &s->gamma);
    s->step = gradus_state_vector(state, "step", s->n);
    double **const scratch[] = {&s->g, &s->direction, &s->FD, &s->Fd};
    for (size_t i = 0; i < sizeof scratch / sizeof *scratch; i++)
        *scratch[i] = gradus_state_scratch(state, s->n, sizeof(double));
    if (gradus_integer_given(p->curvature_samples)) {
        size_t examples = gradus_oracle_examples(oracle),
               asked = (size_t)p->curvature_samples;
        s->samples = asked < examples ? asked : examples;
        s->rows = gradus_state_scratch(state, s->samples, sizeof *s->rows);
    }
    s->kronecker = (gradus_kronecker){.factors = {.samples = (size_t)p->samples,
                                                  .decay = p->decay,
                                                  .fisher = (gradus_fisher)p->fisher}};
    return gradus_kronecker_open(&s->kronecker, "kfac_adaptive", oracle, state, why);
}

/* ---- The model along two directions ---- */

enum { DFD, DFd, dFd, DD, Dd, dd, gD, gd, SUMS };

static void add_sums(const void *self, size_t begin, size_t count, double sums[]) {
    const adaptive_t *s = self;
    const double *D = s->direction + begin, *d = s->step + begin, *g = s->g + begin,
                 *FD = s->FD + begin, *Fd = s->Fd + begin;
    const double *const pairs[SUMS][2] = {
        [DFD] = {D, FD}, [DFd] = {d, FD}, [dFd] = {d, Fd}, [DD] = {D, D},
        [Dd] = {D, d},   [dd] = {d, d},   [gD] = {g, D},   [gd] = {g, d}};
    for (size_t i = 0; i < SUMS; i++)
        sums[i] += gradus_block_dot(count, pairs[i][0], pairs[i][1]);
}

/* The directions count as one where their 2 x 2 matrix is singular but for rounding.  */
static fit_t fit(const adaptive_t *s) {
    double m[SUMS];
    gradus_sweep(s->n, SUMS, add_sums, s, s->threads, m);
    double aa = m[DFD] + s->lambda * m[DD], ab = m[DFd] + s->lambda * m[Dd],
           bb = m[dFd] + s->lambda * m[dd], determinant = aa * bb - ab * ab;
    fit_t best = {.rate = aa > 0.0 ? -m[gD] / aa : 0.0};
    if (s->p->momentum == YES && determinant > DBL_EPSILON * aa * bb) {
        best.rate = (ab * m[gd] - bb * m[gD]) / determinant;
        best.momentum = (ab * m[gD] - aa * m[gd]) / determinant;
    }
    best.change = 0.5 * (best.rate * m[gD] + best.momentum * m[gd]);
    if (!isfinite(aa + ab + bb))
        best.change = NAN;
    return best;
}

/* D, from the gradient and the inverses.  */
static void find_direction(adaptive_t *s) {
    gradus_move(s->n, s->g, -2.0, s->g, s->direction, s->threads); /* -g */
    gradus_kronecker_apply(&s->kronecker, NULL, s->direction);
}

static gradus_err find_fit(adaptive_t *s, gradus_oracle *oracle, const double x[],
                           fit_t *out) {
    find_direction(s);
    gradus_err err = gradus_oracle_gauss_newton(oracle, x, s->direction, s->FD);
    *out = fit(s);
    return err;
}

/* ---- Gamma ---- */

/* The inverses and D become those of the best.  The present one is tried last, so that they
   mostly are already, and kept where others are as good.  */
static gradus_err choose_gamma(adaptive_t *s, gradus_oracle *oracle, const double x[],
                               fit_t *best, gradus_report *report) {
    double w = pow(s->p->gamma_factor, (double)s->p->gamma_interval);
    const double candidates[] = {
        s->gamma > 0.0 ? fmin(s->gamma / w, s->p->gamma_maximum) : 0.0,
        s->gamma > 0.0 ? fmax(s->gamma * w, DBL_MIN) : 0.0, s->gamma};
    double chosen = NAN;
    gradus_err err = GRADUS_OK;
    gradus_stop fault = GRADUS_RUNNING; /* of the last one tried */
    best->change = INFINITY;
    for (size_t i = 0; !err && i < 3; i++) {
        fit_t trial = {0};
        if (i < 2 && candidates[i] == s->gamma)
            continue; /* at its bound */
        fault = GRADUS_RUNNING;
        gradus_kronecker_invert(&s->kronecker, oracle, candidates[i], &fault);
        if (!fault)
            err = find_fit(s, oracle, x, &trial);
        if (!err && !fault && trial.change <= best->change)
            *best = trial, chosen = candidates[i];
    }
    if (isnan(chosen)) {
        report->stop = fault ? fault : GRADUS_FAIL_HESSIAN;
        return err;
    }
    bool there = !fault && chosen == s->gamma;
    s->gamma = chosen;
    if (err || there)
        return err;
    gradus_kronecker_invert(&s->kronecker, oracle, chosen, &report->stop);
    find_direction(s);
    return GRADUS_OK;
}

/* ---- Step ---- */

static bool every(const adaptive_t *s, long interval) {
    return s->updates % (size_t)interval == 0;
}

/* The best step of the model, over the curvature's batch.  */
static gradus_err propose(adaptive_t *s, gradus_oracle *oracle, const double x[],
                          fit_t *best, gradus_report *report) {
    bool fresh = s->updates < EARLY || every(s, s->p->interval),
         choose =
             s->updates > 0 && s->p->gamma_factor < 1.0 && every(s, s->p->gamma_interval);
    gradus_err err = GRADUS_OK;
    if (fresh)
        err = gradus_factors_take(&s->kronecker.factors, oracle, x);
    if (!err && s->p->momentum == YES && gradus_norm(s->n, s->step, s->threads) > 0.0)
        err = gradus_oracle_gauss_newton(oracle, x, s->step, s->Fd);
    if (err)
        return err;
    if (choose)
        return choose_gamma(s, oracle, x, best, report);
    if (fresh)
        gradus_kronecker_invert(&s->kronecker, oracle, s->gamma, &report->stop);
    return report->stop ? GRADUS_OK : find_fit(s, oracle, x, best);
}

static gradus_err propose_over_sample(adaptive_t *s, gradus_oracle *oracle,
                                      const double x[], fit_t *best,
                                      gradus_report *report) {
    gradus_batch sample = {.rows = s->rows};
    if (s->rows) {
        sample.count = gradus_oracle_sample(oracle, s->samples, s->rows);
        gradus_oracle_set_curvature(oracle, &sample);
    }
    gradus_err err = propose(s, oracle, x, best, report);
    gradus_oracle_set_curvature(oracle, NULL);
    if (!err && !report->stop && !isfinite(best->change))
        report->stop = GRADUS_FAIL_HESSIAN;
    return err;
}

/* NEXT, but finite, and 0 only where it is so from the first, so that it can change again.  */
static double within_range(double now, double next) {
    return now > 0.0 ? fmin(fmax(next, DBL_MIN), DBL_MAX) : now;
}

/* Lambda after a step to X, of which the model promised CHANGE.  */
static gradus_err adapt_lambda(adaptive_t *s, gradus_oracle *oracle, const double x[],
                               double change, gradus_report *report) {
    if (change == 0.0) /* nothing was promised, which says nothing about the model */
        return GRADUS_OK;
    double value, w = pow(s->p->damping_factor, (double)s->p->damping_interval);
    gradus_err err = gradus_oracle_value(oracle, x, &value);
    if (err)
        return err;
    report->reduction = (value - s->value) / change;
    if (report->reduction > GOOD)
        s->lambda = within_range(s->lambda, s->lambda * w);
    else if (!(report->reduction >= BAD))
        s->lambda = within_range(s->lambda, s->lambda / w);
    return GRADUS_OK;
}

static gradus_err adaptive_step(void *self, gradus_oracle *oracle, double x[],
                                gradus_report *report) {
    adaptive_t *s = self;
    fit_t best = {0};
    gradus_err err = gradus_oracle_gradient(oracle, x, &s->value, s->g);
    if (err)
        return err;
    if (!(isfinite(s->value) && isfinite(gradus_norm(s->n, s->g, s->threads)))) {
        report->stop = GRADUS_FAIL_DIVERGED;
        return GRADUS_OK;
    }
    err = propose_over_sample(s, oracle, x, &best, report);
    if (err || report->stop)
        return err;
    report->learning_rate = best.rate;
    report->damping = s->lambda;
    gradus_move(s->n, s->step, best.momentum - 1.0, s->step, s->step, s->threads);
    gradus_add(s->n, best.rate, s->direction, s->step, s->threads);
    double *there = s->FD; /* which is not needed any more */
    gradus_move(s->n, x, 1.0, s->step, there, s->threads);
    s->updates++;
    if (every(s, s->p->damping_interval) && s->p->damping_factor < 1.0)
        err = adapt_lambda(s, oracle, there, best.change, report);
    if (!err)
        gradus_copy(s->n, there, x, s->threads);
    return err;
}

const gradus_method_type gradus_method_kfac_adaptive = {
    .name = "kfac_adaptive",
    .brief = "K-FAC that finds its rate, momentum and damping",
    .formula =
        "D = -(G + gamma/pi I)^-1 [gW gb] (A + pi gamma I)^-1,  d <- a D + m d,  x <- "
        "x + d,  a and m where g'd + d'(F + lambda I)d / 2 is least;  lambda by "
        "Levenberg and Marquardt's rule, gamma where the model is least",
    .citation = "Martens and Grosse, ICML 2015",
    .notes = "Block-diagonal.  Unlike in the paper statistics are of a sample of their "
             "own every interval, products over the whole batch, gamma begins at the "
             "root of damping alone and is bounded, batches do not grow, and parameters "
             "are not averaged over updates.  As there no step is undone, and "
             "damping=150 is for losses summed over outputs; it falls by one half in 14 "
             "updates.",
    .needs = GRADUS_CAN_LAYERS | GRADUS_CAN_SIGNALS | GRADUS_CAN_GAUSS_NEWTON,
    .size = sizeof(adaptive_t),
    .params_size = sizeof(params_t),
    .params = params,
    .open = adaptive_open,
    .step = adaptive_step,
};
