/* A pass of some examples through a network, forward and back.

   Every product's output is cut into tiles by its shape, each computed by one thread with
   what is done to its entries right behind it; the threads share the tiles.  The sums over
   examples run over a pass in one call and over passes in their order.  So results do not
   depend on the number of threads, and memory is bounded by the examples of a pass.  */

#ifndef GRADUS_PROBLEMS_NETWORK_NETWORK_PASS_H
#define GRADUS_PROBLEMS_NETWORK_NETWORK_PASS_H

#include "linalg/product.h"
#include "problems/network/network.h"

typedef struct gradus_pass {
    const gradus_network *net;
    const double *x;                    /* parameters */
    size_t threads, count;              /* COUNT examples are in it */
    double *h[GRADUS_MOST_LAYERS + 1];  /* inputs, then every layer's outputs */
    double *Rh[GRADUS_MOST_LAYERS + 1]; /* how they change along a direction; of the last
                                           layer, how its sums do.  [0] is not used */
    double **y;          /* of normalised layers: Rh, which then has no other use */
    double factor;       /* of the derivatives: 1 / examples of the batch */
    double *d, *below;   /* derivatives in the sums of a layer, and of the one below it */
    double *Rd, *Rbelow; /* how these change */
    double *losses;      /* of the examples */
    double *shares;      /* of the examples in the biases' gradient, of a mapped layer */
    gradus_target *targets;
    double *grams[2]; /* count x count each, of examples that gradients are mapped over */
    gradus_mapping *mapping; /* of gradients; NULL: none */
} gradus_pass;

/* Doubles that a pass of up to COUNT examples needs.  */
size_t gradus_pass_size(const gradus_network *net, size_t count);
void gradus_pass_open(gradus_pass *pass, const gradus_network *net, double memory[],
                      size_t most, size_t threads);

/* Examples of each of the passes that a batch of COUNT takes: equal parts, but for the last. */
size_t gradus_pass_examples(const gradus_network *net, size_t count);

/* Takes examples FIRST .. FIRST+COUNT-1 of a batch of VIEW through the network at X, up to the
   sums of the last layer.  */
void gradus_pass_forward(gradus_pass *pass, const gradus_view *view,
                         const gradus_batch *batch, size_t first, size_t count,
                         const double x[]);
size_t gradus_pass_outputs(const gradus_pass *pass); /* of the last layer */
/* The sum of their losses; the last layer's sums become outputs.  */
double gradus_pass_respond(gradus_pass *pass);
/* d = FACTOR times the derivative of the losses, the targets drawn from the model when there
   is a stream.  */
void gradus_pass_residual(gradus_pass *pass, double factor, gradus_stream *stream);

/* Copies what every layer is given to rows FIRST and on of inputs[layer], where that is not
   NULL.  */
void gradus_pass_copy_inputs(const gradus_pass *pass, size_t first, double *const inputs[]);

/* d and Rd become those of the layer below.  */
void gradus_pass_swap(gradus_pass *pass);
/* Takes d from layer INDEX + 1's sums to layer INDEX's.  */
void gradus_pass_down(gradus_pass *pass, size_t index);

/* Where a gradient is summed up.  */
typedef struct gradus_sums {
    double *gradient;    /* dimension */
    bool begin;          /* nothing is there yet */
    const double *point; /* then it begins as l2 times the weights here */
} gradus_sums;
/* Adds the gradient, from d, all the way down.  */
void gradus_pass_gradient(gradus_pass *pass, const gradus_sums *sums);
/* What stands for d, h and the ones that d is multiplied with in the biases' gradient.  */
typedef struct gradus_mapped {
    const double *d, *h,
        *shares; /* count x outputs; count x inputs; count, or NULL: ones */
} gradus_mapped;
/* Layer L's, mapped when the pass has a mapping for it, whose totals are added to.  */
gradus_mapped gradus_pass_map(gradus_pass *pass, size_t l);
/* Adds what is not mapped to the totals.  */
void gradus_pass_end_mapping(const gradus_pass *pass, const double gradient[]);
/* Adds d' h and, in biases, d' s to a tile of layer L's part; without s the sums of d's
   columns.  */
void gradus_pass_gradient_tile(const gradus_pass *pass, size_t l, gradus_patch p,
                               const gradus_mapped *mapped, const gradus_sums *sums);

/* Batch normalisation of layer L: from the sums in h to outputs, and from d in what was scaled
   and shifted to d in the sums.  */
void gradus_pass_normalise(gradus_pass *pass, size_t l);
void gradus_pass_normalise_back(gradus_pass *pass, size_t l, const gradus_sums *sums);

/* ---- Over all examples of a batch ---- */

/* Examples of a pass on one thread, whose activations stay in cache.  */
enum { GRADUS_PASS_PIECE = 128 };

/* What is summed up beside a gradient.  */
enum { GRADUS_LOSS, GRADUS_RIGHT, GRADUS_ERROR, GRADUS_TOTALS = 8 };

/* Adds examples FIRST .. FIRST+COUNT-1 to the sums.  */
typedef struct gradus_network_job gradus_network_job;
typedef void (*gradus_network_work)(const gradus_network_job *job, gradus_pass *pass,
                                    const gradus_batch *batch, size_t first, size_t count,
                                    double totals[], const gradus_sums *sums);
struct gradus_network_job {
    const gradus_view *view;
    const double *x, *v;     /* point, direction */
    double factor;           /* 1 / examples of the batch */
    gradus_mapping *mapping; /* of gradients; NULL: none */
    gradus_network_work work;
};

/* The sums over a batch.  GRADIENT may be NULL; it includes l2 times the weights of POINT.  */
void gradus_network_sum(gradus_network *net, const gradus_network_job *job,
                        const gradus_batch *batch, const double point[], double totals[],
                        double gradient[]);

#endif
