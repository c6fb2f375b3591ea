/* Fully connected networks: layers of sums and activations, a loss of the last sums, averaged
   over examples.

     h_0 = x,   z_l = W_l h_{l-1} + b_l,   h_l = f_l(z_l),
     f(W, b) = 1/N sum_i loss(z_L(x_i), t_i) + l2/2 sum_l ||W_l||^2

   What the problems share is here: data, parameters, deterministic evaluation, derivatives,
   the layer view.  Parameters are W_1 (outputs x inputs, row-major), b_1, W_2, ...

   Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors",
   Nature 323, 1986.  */

#ifndef GRADUS_PROBLEMS_NETWORK_NETWORK_H
#define GRADUS_PROBLEMS_NETWORK_NETWORK_H

#include "core/blocks.h"
#include "data/examples.h"
#include "gradus.h"
#include "problems/network/activations.h"
#include "problems/network/initialization.h"
#include "problems/network/losses.h"

#include <math.h>

enum { GRADUS_MOST_LAYERS = 64 };

/* The parameters that all networks share.  */
typedef struct gradus_network_values {
    char *data, *test, *validation;
    long features, scaling;
    char *layers;
    long activation, initialization;
    double scale, l2;
    long batch_norm;
} gradus_network_values;

/* Their rows, in a struct T whose member NETWORK they are.  */
#define GRADUS_NETWORK_FIELD(T, f) GRADUS_FIELD_OF(T, network, gradus_network_values, f)
#define GRADUS_NETWORK_ROWS(T, default_layers, layers_help)                                \
    {GRADUS_NETWORK_FIELD(T, data), .text = "fashion-mnist",                               \
     .help = "Training data: a name that `gradus list data` shows, or a file."},           \
        {GRADUS_NETWORK_FIELD(T, test), .unset = "auto",                                   \
         .help = "Test data: a file; `auto` is the data set's own, where it has one."},    \
        {GRADUS_NETWORK_FIELD(T, validation), .unset = "none",                             \
         .help = "Validation data: a file, or the fraction of the training examples to "   \
                 "hold out."},                                                             \
        {GRADUS_NETWORK_FIELD(T, features), .minimum = 1, .maximum = 1e9, .unset = "auto", \
         .help = "Number of features, when a file's largest index is smaller."},           \
        {GRADUS_NETWORK_FIELD(T, scaling), .initial = 0, .choices = "none|standard|max",   \
         .help = "Of every feature over the training data: `standard` to mean 0 and "      \
                 "standard deviation 1, `max` to a largest absolute value of 1."},         \
        {GRADUS_NETWORK_FIELD(T, layers), .text = default_layers, .help = layers_help},    \
        {GRADUS_NETWORK_FIELD(T, activation), .initial = GRADUS_SIGMOID,                   \
         .choices = GRADUS_ACTIVATION_CHOICES, .help = "Of the hidden units."},            \
        {GRADUS_NETWORK_FIELD(T, initialization), .initial = 0,                            \
         .choices = GRADUS_INITIALIZATION_CHOICES,                                         \
         .help =                                                                           \
             "Of the weights: normal with standard deviation `scale` times "               \
             "1/sqrt(inputs), sqrt(2/inputs), sqrt(2/(inputs+outputs)) or 1; `sparse` "    \
             "has 15 such weights of 1 a unit, the others are 0."},                        \
        {GRADUS_NETWORK_FIELD(T, scale),                                                   \
         .initial = 1,                                                                     \
         .minimum = 0,                                                                     \
         .maximum = INFINITY,                                                              \
         .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG,                                        \
         .help = "Factor of the initial weights."},                                        \
        {GRADUS_NETWORK_FIELD(T, l2),                                                      \
         .initial = 0,                                                                     \
         .minimum = 0,                                                                     \
         .maximum = INFINITY,                                                              \
         .flags = GRADUS_LOG,                                                              \
         .help = "Weight of the regulariser, half the squared norm of the weights."},      \
    {                                                                                      \
        GRADUS_NETWORK_FIELD(T, batch_norm),                                               \
            .initial = 0, .choices = "no|yes",                                             \
            .help =                                                                        \
                "Whether the sums of hidden units are normalised to mean 0 and variance "  \
                "1 "                                                                       \
                "over a batch, or over equal parts of at most 1024 of its examples; a "    \
                "mini-batch run measures with running averages."                           \
    }

/* Statistics of the units that batch normalisation normalises.  */
typedef struct gradus_normalisation {
    size_t units; /* 0: it is off */
    double *mean, *variance,
        *inverse; /* units: of a pass, and 1/sqrt(variance + epsilon) */
    double *batch_mean, *batch_variance; /* units: of the last gradient's batch */
    const double *averages;              /* in place of the batch's own; NULL: not now */
} gradus_normalisation;

typedef struct gradus_network_layer {
    gradus_layer shape;
    bool normalised;
    size_t gamma, beta, unit;     /* then: offsets of these, and of its first unit */
    gradus_activation activation; /* linear in the last layer: the loss does the rest */
} gradus_network_layer;

/* An opened network.  */
typedef struct gradus_network {
    gradus_examples examples;
    const gradus_loss *loss;
    bool reconstructs; /* the targets are the inputs, not labels */
    long initialization;
    double scale, l2;
    size_t count; /* of the layers */
    gradus_network_layer layers[GRADUS_MOST_LAYERS];
    size_t dimension;
    size_t widths, widest; /* of the inputs and all layers: the sum, and the largest */
    size_t threads;
    size_t chunk;          /* most examples of a pass */
    double *memory;        /* of a pass over a chunk */
    gradus_blocks *blocks; /* for many examples; NULL when the parameters are too many */
    gradus_normalisation normalisation;
    double *unit; /* dimension, zero between calls: unit vectors for the Hessian */
} gradus_network;

/* What a problem that is a network asks for.  */
typedef struct gradus_network_request {
    const char *name;
    const gradus_network_values *values;
    const gradus_loss *loss;
    bool reconstructs; /* and the layers are an encoder, which a decoder mirrors */
} gradus_network_request;

gradus_err gradus_network_open(gradus_network *net, const gradus_network_request *request,
                               size_t threads, gradus_error *why);

/* Entries of a gradus_problem_type.  */
void gradus_network_close(void *self);
size_t gradus_network_dimension(const void *self);
size_t gradus_network_examples(const void *self);
void gradus_network_start(const void *self, gradus_stream *stream, double x[]);
gradus_err gradus_network_evaluate(void *self, const gradus_batch *batch, const double x[],
                                   double *value, double gradient[]);
gradus_err gradus_network_product(void *self, const gradus_batch *batch, const double x[],
                                  const double v[], double result[]);
gradus_err gradus_network_hessian(void *self, const gradus_batch *batch, const double x[],
                                  double matrix[]);
gradus_err gradus_network_gauss_newton(void *self, const gradus_batch *batch,
                                       const double x[], const double v[], double result[]);
size_t gradus_network_layers(const void *self);
void gradus_network_layer_at(const void *self, size_t index, gradus_layer *out);
gradus_err gradus_network_inputs(void *self, const gradus_batch *batch, const double x[],
                                 double *const inputs[]);
gradus_err gradus_network_signals(void *self, const gradus_batch *batch,
                                  gradus_stream *targets, const double x[],
                                  double *const inputs[], double *const signals[]);
gradus_err gradus_network_mapped_gradient(void *self, const gradus_batch *batch,
                                          const double x[], gradus_mapping *mapping,
                                          double *value, double gradient[]);
size_t gradus_network_subset_examples(const void *self, gradus_subset subset);
gradus_err gradus_network_measure(void *self, gradus_subset subset, size_t count,
                                  const double x[], gradus_metrics *out);
gradus_err gradus_network_reconstruct(void *self, size_t count, const double x[],
                                      double inputs[], double outputs[]);
void gradus_network_sources(const void *self,
                            void (*emit)(void *context, const char *path,
                                         const char *checksum),
                            void *context);

unsigned gradus_network_lacks(const void *self);
size_t gradus_network_averages(const void *self);
void gradus_network_measure_with(void *self, const double averages[]);
void gradus_network_fold(const void *self, double averages[]);

#define GRADUS_NETWORK_ENTRIES                                                             \
    .close = gradus_network_close, .dimension = gradus_network_dimension,                  \
    .examples = gradus_network_examples, .start = gradus_network_start,                    \
    .evaluate = gradus_network_evaluate, .product = gradus_network_product,                \
    .hessian = gradus_network_hessian, .gauss_newton = gradus_network_gauss_newton,        \
    .layers = gradus_network_layers, .layer = gradus_network_layer_at,                     \
    .inputs = gradus_network_inputs, .signals = gradus_network_signals,                    \
    .mapped_gradient = gradus_network_mapped_gradient,                                     \
    .subset_examples = gradus_network_subset_examples, .measure = gradus_network_measure,  \
    .sources = gradus_network_sources, .lacks = gradus_network_lacks,                      \
    .averages = gradus_network_averages, .measure_with = gradus_network_measure_with,      \
    .fold = gradus_network_fold

#endif
