/* What is measured of a network: losses, accuracies, reconstructions and the layers' inputs.  */

#include "problems/network/network_pass.h"

#include <math.h>
#include <string.h>

/* totals: loss, examples classified right, squared error.  */
static void measure_some(const gradus_network_job *job, gradus_pass *pass,
                         const gradus_batch *batch, size_t first, size_t count,
                         double totals[], const gradus_sums *sums) {
    size_t k = gradus_pass_outputs(pass);
    (void)sums;
    gradus_pass_forward(pass, job->view, batch, first, count, job->x);
    totals[GRADUS_LOSS] += gradus_pass_respond(pass);
    for (size_t i = 0; i < count; i++) {
        const double *y = pass->h[pass->net->count] + i * k, *t = pass->targets[i].values;
        size_t best = 0;
        for (size_t j = 0; j < k; j++) {
            best = y[j] > y[best] ? j : best;
            totals[GRADUS_ERROR] += t ? (y[j] - t[j]) * (y[j] - t[j]) : 0.0;
        }
        totals[GRADUS_RIGHT] += best == pass->targets[i].label ? 1.0 : 0.0;
    }
}

/* The mean loss and the share classified right; of a network that reconstructs, the mean
   squared error of a reconstruction.  */
gradus_err gradus_network_measure(void *self, gradus_subset subset, size_t examples,
                                  const double x[], gradus_metrics *out) {
    gradus_network *net = self;
    const gradus_network_job job = {
        .view = subset == GRADUS_TEST ? &net->examples.test : &net->examples.validation,
        .x = x,
        .work = measure_some};
    const gradus_batch first = {.count = examples};
    double totals[GRADUS_TOTALS], count = (double)examples;
    gradus_network_sum(net, &job, &first, NULL, totals, NULL);
    *out = net->reconstructs
               ? (gradus_metrics){.value = totals[GRADUS_ERROR] / count, .accuracy = NAN}
               : (gradus_metrics){.value = totals[GRADUS_LOSS] / count,
                                  .accuracy = totals[GRADUS_RIGHT] / count};
    return GRADUS_OK;
}

gradus_err gradus_network_reconstruct(void *self, size_t count, const double x[],
                                      double inputs[], double outputs[]) {
    gradus_network *net = self;
    const gradus_examples *e = &net->examples;
    const gradus_view *view = e->test.count >= count ? &e->test : &e->training;
    const gradus_batch batch = {.count = count};
    gradus_pass pass;
    gradus_pass_open(&pass, net, net->memory, net->chunk, net->threads);
    size_t most = gradus_pass_examples(net, count), width = view->columns;
    for (size_t first = 0, size; first < count; first += size) {
        size = count - first < most ? count - first : most;
        gradus_pass_forward(&pass, view, &batch, first, size, x);
        gradus_pass_respond(&pass);
        memcpy(inputs + first * width, pass.h[0], size * width * sizeof *inputs);
        memcpy(outputs + first * width, pass.h[net->count], size * width * sizeof *outputs);
    }
    return GRADUS_OK;
}

gradus_err gradus_network_inputs(void *self, const gradus_batch *batch, const double x[],
                                 double *const inputs[]) {
    gradus_network *net = self;
    gradus_pass pass;
    gradus_pass_open(&pass, net, net->memory, net->chunk, net->threads);
    size_t most = gradus_pass_examples(net, batch->count);
    for (size_t first = 0, size; first < batch->count; first += size) {
        size = batch->count - first < most ? batch->count - first : most;
        gradus_pass_forward(&pass, &net->examples.training, batch, first, size, x);
        gradus_pass_copy_inputs(&pass, first, inputs);
    }
    return GRADUS_OK;
}
