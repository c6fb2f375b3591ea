/* The deep autoencoder: an encoder down to a linear code, a decoder that mirrors it with
   weights of its own, and the input again as the target.

   Hinton and Salakhutdinov, "Reducing the dimensionality of data with neural networks",
   Science 313, 2006; 784-1000-500-250-30 and its mirror is theirs.  */

#include "base/memory.h"
#include "problems/network/network.h"

enum { BERNOULLI, SQUARED };

typedef struct {
    gradus_network_values network;
    long loss;
} params_t;

static const gradus_param params[] = {
    GRADUS_NETWORK_ROWS(params_t, "1000-500-250-30",
                        "Units of the encoder's layers, the code being the last; the "
                        "decoder mirrors them."),
    {GRADUS_FIELD(params_t, loss), .initial = BERNOULLI, .choices = "bernoulli|squared",
     .help = "Cross-entropy of sigmoid outputs, or half the squared error of linear ones, "
             "summed over the outputs."},
    {0}};

/* Cross-entropy is one of probabilities.  */
static gradus_err check_entries(const gradus_examples *e, const gradus_view *view,
                                const char *which, double row[], gradus_error *why) {
    for (size_t i = 0; i < view->count; i++) {
        gradus_examples_row(e, view, i, row);
        for (size_t j = 0; j < view->columns; j++)
            if (!(row[j] >= 0.0 && row[j] <= 1.0))
                return gradus_fail(why, GRADUS_EINPUT,
                                   "autoencoder: loss=bernoulli expects entries in [0, 1], "
                                   "but feature %zu of %s example %zu is %g; loss=squared "
                                   "takes any",
                                   j + 1, which, i + 1, row[j]);
    }
    return GRADUS_OK;
}

static gradus_err check_data(const gradus_examples *e, gradus_error *why) {
    double *row = GRADUS_NEW(e->training.columns, double);
    if (!row)
        return gradus_fail(why, GRADUS_ENOMEM, "autoencoder: out of memory");
    gradus_err err = check_entries(e, &e->training, "training", row, why);
    if (!err)
        err = check_entries(e, &e->test, "test", row, why);
    if (!err)
        err = check_entries(e, &e->validation, "validation", row, why);
    gradus_free(row);
    return err;
}

static gradus_err autoencoder_open(void *self, const void *values, size_t threads,
                                   gradus_error *why) {
    const params_t *p = values;
    gradus_network *net = self;
    const gradus_network_request request = {
        .name = "autoencoder",
        .values = &p->network,
        .loss = p->loss == BERNOULLI ? &gradus_loss_bernoulli : &gradus_loss_squared,
        .reconstructs = true};
    gradus_err err = gradus_network_open(net, &request, threads, why);
    return err || p->loss == SQUARED ? err : check_data(&net->examples, why);
}

const gradus_problem_type gradus_problem_autoencoder = {
    .name = "autoencoder",
    .brief = "deep autoencoder; its test value is the squared error of a reconstruction",
    .formula = "f(W, b) = 1/N sum_i loss(z_L(x_i), x_i) + l2/2 sum_l ||W_l||^2, with "
               "h_l = activation(z_l), z_l = W_l h_{l-1} + b_l and a linear code; loss: "
               "-sum x log p + (1 - x) log(1 - p) of p = sigmoid(z), or ||z - x||^2/2",
    .citation = "Hinton and Salakhutdinov, Science 313, 2006",
    .size = sizeof(gradus_network),
    .params_size = sizeof(params_t),
    .params = params,
    .open = autoencoder_open,
    .reconstruct = gradus_network_reconstruct,
    GRADUS_NETWORK_ENTRIES,
};
