/* K-FAC: the natural gradient with the Fisher matrix of every layer taken as a Kronecker
   product, so that its inverse is two small ones.

     [gW gb] <- (G + gamma/pi I)^-1 [gW gb] (A + pi gamma I)^-1,
     pi = sqrt((trace A / columns) / (trace G / outputs)),
     v <- mu v - a [gW gb],   [W b] <- [W b] + v

   A and G are the running averages of factors.h, of which fresh statistics are taken, and
   the inverses made anew, every `interval` updates.  gamma is the damping.

   [gW gb] is a sum over the batch of products of signals with inputs.  Where that takes fewer
   multiplications the inverses are applied to these, by a map with
   P = (A + pi gamma I)^-1 = [M, -M c; -c'M, u + c'M c]: M is its leading block, and by the
   inverse of a block matrix u = 1 / (A_bb + pi gamma) and c = u A_b.  An update with fresh
   statistics needs its gradient first, to see whether the network has diverged.

   Martens and Grosse, "Optimizing neural networks with Kronecker-factored approximate
   curvature", ICML 2015, sections 3 to 6.3.  */

#include "first_order/momentum.h"
#include "natural/kl_clip.h"
#include "natural/kronecker.h"

#include <math.h>

enum { YES, NO };

typedef struct {
    gradus_descent_params descent;
    double momentum, damping, decay, kl_clip;
    long interval, samples, fisher, pi, damp_biases;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 0.3, 1e-2, 1, 3,
                        "Factor of the natural gradient in a step."),
    {GRADUS_FIELD(params_t, momentum), .initial = 0.5, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .grid = {0, 0.9, 2},
     .help = "Fraction of the last step kept."},
    {GRADUS_FIELD(params_t, damping), .initial = 0.1, .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_LOG, .grid = {3e-2, 0.3, 3},
     .help = "Added to both factors (gamma); the step size of a weight is multiplied by at "
             "most 1/gamma^2."},
    {GRADUS_FIELD(params_t, decay), .initial = 0.95, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM,
     .help = "Share of the running averages that fresh statistics leave; 0 uses these "
             "alone."},
    GRADUS_KL_CLIP_ROW(params_t),
    {GRADUS_FIELD(params_t, interval), .initial = 20, .minimum = 1,
     .maximum = 9007199254740992.0, .flags = GRADUS_LOG, .grid = {10, 1000, 3},
     .help = "Updates between fresh statistics and inverses."},
    {GRADUS_FIELD(params_t, samples), .initial = 500, .minimum = 1,
     .maximum = 9007199254740992.0, .flags = GRADUS_LOG,
     .help = "Training examples, drawn anew, that statistics are taken over; at most all "
             "of them."},
    {GRADUS_FIELD(params_t, fisher), .choices = "model|empirical|inputs",
     .initial = GRADUS_FISHER_MODEL,
     .help = "Targets that G is made from: drawn from the model's prediction, the data's, "
             "or none, which is G = I."},
    {GRADUS_FIELD(params_t, pi), .choices = "yes|no", .initial = YES,
     .help = "Whether to divide the damping between the factors by their size; `no` is "
             "pi = 1."},
    {GRADUS_FIELD(params_t, damp_biases), .choices = "yes|no", .initial = YES,
     .help = "Whether the damping of A counts for the biases too; with `no` and "
             "fisher=inputs the method is PRONG with epsilon = gamma."},
    {0}};

typedef struct {
    gradus_momentum momentum;
    const params_t *p;
    gradus_kl_clip clip;
    gradus_kronecker kronecker;
    double **centers;       /* layers: inputs of each, c of its map */
    gradus_layer_map *maps; /* layers; NULL when gradients cannot be had with them */
    gradus_mapping mapping;
} kfac_t;

static gradus_err kfac_open(void *self, const void *values, gradus_oracle *oracle,
                            gradus_state *state, gradus_error *why) {
    kfac_t *s = self;
    s->p = values;
    gradus_err err = gradus_momentum_open(&s->momentum, &s->p->descent, s->p->momentum,
                                          oracle, state, why);
    if (err)
        return err;
    gradus_kl_clip_open(&s->clip, s->p->kl_clip, oracle, state);
    gradus_kronecker *k = &s->kronecker;
    *k = (gradus_kronecker){.factors = {.samples = (size_t)s->p->samples,
                                        .decay = s->p->decay,
                                        .fisher = (gradus_fisher)s->p->fisher},
                            .plain = s->p->pi == NO,
                            .spare_biases = s->p->damp_biases == NO};
    err = gradus_kronecker_open(k, "kfac", oracle, state, why);
    size_t layers = k->factors.layers;
    s->centers = gradus_state_scratch(state, layers, sizeof *s->centers);
    if (err || !s->centers || !k->factors.factor) /* without memory the run refuses */
        return err;
    for (size_t i = 0; i < layers; i++)
        s->centers[i] =
            gradus_state_scratch(state, k->factors.factor[i].columns, sizeof(double));
    if (gradus_descent_can_map(&s->p->descent, oracle))
        s->maps = gradus_state_scratch(state, layers, sizeof *s->maps);
    return GRADUS_OK;
}

/* ---- Maps ---- */

/* The biases are the last row of A.  */
static gradus_layer_map map_of(const kfac_t *s, size_t index) {
    const gradus_kronecker *k = &s->kronecker;
    const gradus_factor *factor = &k->factors.factor[index];
    size_t columns = factor->columns, inputs = factor->shape.inputs;
    const double *row = factor->A + inputs * columns;
    double unit = 1.0;
    if (columns > inputs) {
        double damping =
            k->spare_biases ? 0.0 : gradus_kronecker_pi(k, index) * s->p->damping;
        unit = 1.0 / (row[inputs] + damping);
        for (size_t j = 0; j < inputs; j++)
            s->centers[index][j] = unit * row[j];
    }
    return (gradus_layer_map){.center = s->centers[index],
                              .matrix = k->inverses[index].A,
                              .stride = columns,
                              .unit = unit,
                              .signals = k->inverses[index].G};
}

/* Maps of the layers where that is cheaper; NULL when there are none.  */
static gradus_mapping *choose_mapping(kfac_t *s, const gradus_oracle *oracle) {
    bool any = false, clips = s->clip.most > 0.0;
    const gradus_kronecker *k = &s->kronecker;
    for (size_t i = 0; s->maps && i < k->factors.layers; i++) {
        bool pays = gradus_descent_map_pays(&s->momentum.descent, oracle,
                                            &k->factors.factor[i].shape,
                                            k->inverses[i].G != NULL, clips);
        s->maps[i] = pays ? map_of(s, i) : (gradus_layer_map){0};
        any = any || pays;
    }
    s->mapping = (gradus_mapping){.layers = s->maps, .wants_product = clips};
    return any ? &s->mapping : NULL;
}

/* ---- Step ---- */

static gradus_err refresh(kfac_t *s, gradus_oracle *oracle, const double x[],
                          gradus_report *report) {
    gradus_err err = gradus_factors_take(&s->kronecker.factors, oracle, x);
    if (!err)
        gradus_kronecker_invert(&s->kronecker, oracle, s->p->damping, &report->stop);
    return err;
}

static gradus_err kfac_step(void *self, gradus_oracle *oracle, double x[],
                            gradus_report *report) {
    kfac_t *s = self;
    gradus_descent *descent = &s->momentum.descent;
    bool fresh = descent->updates % (size_t)s->p->interval == 0;
    descent->mapping = fresh ? NULL : choose_mapping(s, oracle);
    gradus_err err = gradus_descent_begin(descent, oracle, x, x, report);
    if (!err && !report->stop && fresh)
        err = refresh(s, oracle, x, report);
    if (err || report->stop)
        return err;
    gradus_kl_clip_note(&s->clip, descent);
    gradus_kronecker_apply(&s->kronecker, descent->mapping, descent->g);
    gradus_momentum_move(&s->momentum,
                         gradus_kl_clip_rate(&s->clip, descent, report->learning_rate), x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_kfac = {
    .name = "kfac",
    .brief = "natural gradient with a Kronecker-factored Fisher matrix",
    .formula = "v <- momentum v - learning_rate (G + gamma/pi I)^-1 [gW gb] (A + pi gamma "
               "I)^-1,  [W b] <- [W b] + v;  A = E[a a'], a = [inputs; 1],  G = E[s s'], s "
               "the signals at the outputs,  gamma = damping",
    .citation = "Martens and Grosse, ICML 2015",
    .notes =
        "Block-diagonal, with a learning rate and momentum of the caller's; kfac_adaptive "
        "finds both anew in every update, and adapts the damping, as the paper does.  "
        "Parameters outside the layers are left to plain descent.",
    .needs = GRADUS_CAN_LAYERS | GRADUS_CAN_SIGNALS,
    .size = sizeof(kfac_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = kfac_open,
    .step = kfac_step,
};
