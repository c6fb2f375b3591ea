/* Linear models: scores = W x + b, a loss of the scores, averaged over examples.

     f(W, b) = 1/N sum_i loss(W x_i + b, y_i) + l2/2 ||W||^2

   What the losses share is here: data, labels, scaling, deterministic parallel evaluation,
   test metrics, the layer view.  A loss is a gradus_link.  Parameters are W (outputs x
   features, row-major), then b.  */

#ifndef GRADUS_PROBLEMS_LINEAR_LINEAR_H
#define GRADUS_PROBLEMS_LINEAR_LINEAR_H

#include "gradus.h"

typedef struct gradus_link {
    /* Outputs for so many classes; 0 refuses, with a sentence in WHY.  */
    size_t (*outputs)(size_t classes, const char *data, gradus_error *why);
    /* The loss of one example; its scores become the probabilities that they stand for.  */
    double (*respond)(size_t k, size_t target, double scores[]);
    /* Probabilities become the loss's derivative in the scores.  */
    void (*residual)(size_t k, size_t target, double p[]);
    /* U becomes (the loss's Hessian in the scores, at probabilities P) U.  */
    void (*curve)(size_t k, const double p[], double u[]);
    size_t (*predict)(size_t k, const double p[]);
    bool invariant; /* adding one number to every score changes nothing */
} gradus_link;

/* The parameters that all linear models share.  */
typedef struct gradus_linear_values {
    char *data, *test, *validation;
    double l2;
    long bias, regularize_bias, features, scaling, storage;
} gradus_linear_values;
extern const gradus_param gradus_linear_params[];

/* An opened linear model.  */
typedef struct gradus_linear {
    struct gradus_linear_body *body;
} gradus_linear;

gradus_err gradus_linear_open(gradus_linear *self, const gradus_link *link,
                              const char *name, const gradus_linear_values *values,
                              size_t threads, gradus_error *why);

/* Entries of a gradus_problem_type.  */
void gradus_linear_close(void *self);
size_t gradus_linear_dimension(const void *self);
size_t gradus_linear_examples(const void *self);
void gradus_linear_start(const void *self, gradus_stream *stream, double x[]);
gradus_err gradus_linear_evaluate(void *self, const gradus_batch *batch, const double x[],
                                  double *value, double gradient[]);
gradus_err gradus_linear_product(void *self, const gradus_batch *batch, const double x[],
                                 const double v[], double result[]);
gradus_err gradus_linear_hessian(void *self, const gradus_batch *batch, const double x[],
                                 double matrix[]);
gradus_err gradus_linear_diagonal(void *self, const gradus_batch *batch, const double x[],
                                  double diagonal[]);
gradus_err gradus_linear_ray_begin(void *self, const gradus_batch *batch, const double x[],
                                   const double direction[]);
gradus_err gradus_linear_ray_trial(void *self, double step, double *value, double *slope);
size_t gradus_linear_features(const void *self);
size_t gradus_linear_layers(const void *self);
void gradus_linear_layer(const void *self, size_t index, gradus_layer *out);
gradus_err gradus_linear_inputs(void *self, const gradus_batch *batch, const double x[],
                                double *const inputs[]);
gradus_err gradus_linear_signals(void *self, const gradus_batch *batch,
                                 gradus_stream *targets, const double x[],
                                 double *const inputs[], double *const signals[]);
size_t gradus_linear_subset_examples(const void *self, gradus_subset subset);
gradus_err gradus_linear_measure(void *self, gradus_subset subset, size_t count,
                                 const double x[], gradus_metrics *out);
double gradus_linear_strong_convexity(const void *self);
void gradus_linear_sources(const void *self,
                           void (*emit)(void *context, const char *path,
                                        const char *checksum),
                           void *context);

/* What linear_blocks.c must know.  */
typedef struct gradus_linear_shape {
    const gradus_link *link;
    const struct gradus_examples *examples;
    size_t outputs, features, threads;
    bool bias, sparse;
    double l2, bias_l2; /* of the weights and of the biases */
} gradus_linear_shape;
gradus_linear_shape gradus_linear_get_shape(const void *self);
/* The probabilities of the examples of BATCH at X, batch->count x outputs; borrowed until
   the next call.  */
const double *gradus_linear_responses(void *self, const gradus_batch *batch,
                                      const double x[]);

/* The preconditioner, in linear_blocks.c.  */
size_t gradus_linear_preconditioner_size(const void *self);
gradus_err gradus_linear_prepare(void *self, const gradus_batch *batch, const double x[],
                                 double damping, double memory[]);
gradus_err gradus_linear_precondition(void *self, double memory[], const double v[],
                                      double result[]);

#define GRADUS_LINEAR_ENTRIES                                                              \
    .size = sizeof(gradus_linear), .params_size = sizeof(gradus_linear_values),            \
    .params = gradus_linear_params, .close = gradus_linear_close,                          \
    .dimension = gradus_linear_dimension, .examples = gradus_linear_examples,              \
    .start = gradus_linear_start, .evaluate = gradus_linear_evaluate,                      \
    .product = gradus_linear_product, .hessian = gradus_linear_hessian,                    \
    .diagonal = gradus_linear_diagonal,                                                    \
    .gauss_newton = gradus_linear_product, /* the scores are linear */                     \
        .preconditioner_size = gradus_linear_preconditioner_size,                          \
    .prepare = gradus_linear_prepare, .precondition = gradus_linear_precondition,          \
    .ray = gradus_linear_ray_begin, .along = gradus_linear_ray_trial,                      \
    .features = gradus_linear_features, .layers = gradus_linear_layers,                    \
    .layer = gradus_linear_layer, .inputs = gradus_linear_inputs,                          \
    .signals = gradus_linear_signals, .subset_examples = gradus_linear_subset_examples,    \
    .measure = gradus_linear_measure, .sources = gradus_linear_sources,                    \
    .strong_convexity = gradus_linear_strong_convexity

#endif
