/* The fully connected classifier: hidden layers and a softmax of the last one's sums.  */

#include "problems/network/network.h"

typedef struct {
    gradus_network_values network;
} params_t;

static const gradus_param params[] = {
    GRADUS_NETWORK_ROWS(params_t, "300-100",
                        "Units of the hidden layers; the outputs are the classes."),
    {0}};

static gradus_err network_open(void *self, const void *values, size_t threads,
                               gradus_error *why) {
    const params_t *p = values;
    const gradus_network_request request = {
        .name = "network", .values = &p->network, .loss = &gradus_loss_softmax};
    return gradus_network_open(self, &request, threads, why);
}

const gradus_problem_type gradus_problem_network = {
    .name = "network",
    .brief = "fully connected network with a softmax output",
    .formula = "f(W, b) = 1/N sum_i -log softmax(z_L(x_i))[y_i] + l2/2 sum_l ||W_l||^2, "
               "with h_l = activation(z_l), z_l = W_l h_{l-1} + b_l",
    .citation = "Rumelhart, Hinton and Williams, Nature 323, 1986",
    .size = sizeof(gradus_network),
    .params_size = sizeof(params_t),
    .params = params,
    .open = network_open,
    GRADUS_NETWORK_ENTRIES,
};
