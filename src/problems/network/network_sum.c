/* Sums over the examples of a batch, pass by pass.  */

#include "core/blocks.h"
#include "problems/network/network_pass.h"

#include <string.h>

typedef struct {
    const gradus_network *net;
    const gradus_network_job *job;
    bool gradient;
} block_t;

/* sums: the totals, then the gradient.  */
static void sum_block(void *context, const gradus_batch *batch, size_t first, size_t count,
                      double sums[], void *scratch) {
    const block_t *block = context;
    const gradus_sums target = {.gradient = block->gradient ? sums + GRADUS_TOTALS : NULL};
    gradus_pass pass;
    gradus_pass_open(&pass, block->net, scratch, GRADUS_PASS_PIECE, 1);
    for (size_t done = 0, size; done < count; done += size) {
        size = count - done < GRADUS_PASS_PIECE ? count - done : GRADUS_PASS_PIECE;
        block->job->work(block->job, &pass, batch, first + done, size, sums, &target);
    }
}

/* RESULT = SUMS + l2 times the weights of POINT.  */
static void regularise(const gradus_network *net, const double sums[], const double point[],
                       double result[]) {
    memcpy(result, sums, net->dimension * sizeof *result);
    for (size_t l = 0; net->l2 > 0.0 && l < net->count; l++) {
        const gradus_layer *shape = &net->layers[l].shape;
        size_t end = shape->weights + shape->outputs * shape->inputs;
        for (size_t i = shape->weights; i < end; i++)
            result[i] += net->l2 * point[i];
    }
}

void gradus_network_sum(gradus_network *net, const gradus_network_job *job,
                        const gradus_batch *batch, const double point[], double totals[],
                        double gradient[]) {
    if (net->blocks && batch->count > net->chunk) {
        block_t block = {.net = net, .job = job, .gradient = gradient};
        const double *sums = gradus_blocks_sum(
            net->blocks, batch, GRADUS_TOTALS + (gradient ? net->dimension : 0), sum_block,
            &block);
        memcpy(totals, sums, GRADUS_TOTALS * sizeof *totals);
        if (gradient)
            regularise(net, sums + GRADUS_TOTALS, point, gradient);
        return;
    }
    gradus_pass pass;
    gradus_pass_open(&pass, net, net->memory, net->chunk, net->threads);
    memset(totals, 0, GRADUS_TOTALS * sizeof *totals);
    size_t each = gradus_pass_examples(net, batch->count);
    for (size_t first = 0, size; first < batch->count; first += size) {
        const gradus_sums sums = {
            .gradient = gradient, .begin = first == 0, .point = point};
        size = batch->count - first < each ? batch->count - first : each;
        job->work(job, &pass, batch, first, size, totals, &sums);
    }
}
