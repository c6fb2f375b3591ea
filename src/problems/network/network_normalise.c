/* Batch normalisation: in every layer but the last, z has mean 0 and variance 1 over the
   examples of a pass before it is scaled and shifted.

     y = (z - mean(z)) / sqrt(var(z) + epsilon),     h = f(gamma y + beta)

   gamma and beta stand in for the bias.  Back, with d = dL/d(gamma y + beta):

     dbeta = sum d,  dgamma = sum d y,
     dL/dz = gamma / sqrt(var + epsilon) (d - mean(d) - y mean(d y))

   A batch of more examples than a pass holds is normalised pass by pass (Hoffer, Hubara and
   Soudry, "Train longer, generalize better", NIPS 2017: ghost batch normalisation).  For
   measurements, running averages of mean and variance take their place:

     average <- average + 0.1 (batch's - average), from 0 and 1, the variance being that of a
     sample, with count - 1

   Ioffe and Szegedy, "Batch normalization", ICML 2015; epsilon and 0.1 are PyTorch's.  */

#include "problems/network/network_pass.h"

#include <math.h>
#include <string.h>

enum {
    STRIP = 64,           /* units of a task: their sums stay in the first cache */
    LONG_ENOUGH = 1 << 14 /* numbers; below, starting threads costs more */
};
static const double EPSILON = 1e-5, SHARE = 0.1;

/* Units FIRST .. FIRST+COUNT-1 of layer L of a pass.  */
typedef struct {
    const gradus_pass *pass;
    const gradus_network_layer *layer;
    size_t l, width, first, count;
} strip_t;

static strip_t strip_of(const gradus_pass *pass, size_t l, size_t first) {
    const gradus_network_layer *layer = &pass->net->layers[l];
    size_t width = layer->shape.outputs, left = width - first;
    return (strip_t){.pass = pass,
                     .layer = layer,
                     .l = l,
                     .width = width,
                     .first = first,
                     .count = left < STRIP ? left : STRIP};
}

/* ---- Forward ---- */

/* Mean and variance of the strip's z, which stand in h, or the averages.  */
static void find_statistics(const strip_t *s, double mean[STRIP], double variance[STRIP]) {
    const gradus_normalisation *n = &s->pass->net->normalisation;
    const double *z = s->pass->h[s->l + 1] + s->first;
    size_t unit = s->layer->unit + s->first, examples = s->pass->count;
    if (n->averages) {
        bool begun = n->averages[0] > 0.0;
        for (size_t j = 0; j < s->count; j++) {
            mean[j] = begun ? n->averages[1 + unit + j] : 0.0;
            variance[j] = begun ? n->averages[1 + n->units + unit + j] : 1.0;
        }
        return;
    }
    memset(mean, 0, STRIP * sizeof *mean);
    memset(variance, 0, STRIP * sizeof *variance);
    for (size_t i = 0; i < examples; i++)
        for (size_t j = 0; j < s->count; j++)
            mean[j] += z[i * s->width + j];
    for (size_t j = 0; j < s->count; j++)
        mean[j] /= (double)examples;
    for (size_t i = 0; i < examples; i++)
        for (size_t j = 0; j < s->count; j++) {
            double off = z[i * s->width + j] - mean[j];
            variance[j] += off * off;
        }
    for (size_t j = 0; j < s->count; j++)
        variance[j] /= (double)examples;
}

static void normalise_strip(const strip_t *s) {
    const gradus_normalisation *n = &s->pass->net->normalisation;
    double mean[STRIP], variance[STRIP], *inverse = n->inverse + s->layer->unit + s->first;
    const double *gamma = s->pass->x + s->layer->gamma + s->first,
                 *beta = s->pass->x + s->layer->beta + s->first;
    find_statistics(s, mean, variance);
    memcpy(n->mean + s->layer->unit + s->first, mean, s->count * sizeof *mean);
    memcpy(n->variance + s->layer->unit + s->first, variance, s->count * sizeof *variance);
    for (size_t j = 0; j < s->count; j++)
        inverse[j] = 1.0 / sqrt(variance[j] + EPSILON);
    for (size_t i = 0; i < s->pass->count; i++) {
        double *h = s->pass->h[s->l + 1] + i * s->width + s->first;
        double *y = s->pass->y[s->l + 1] + i * s->width + s->first;
        for (size_t j = 0; j < s->count; j++) {
            y[j] = (h[j] - mean[j]) * inverse[j];
            h[j] = gamma[j] * y[j];
        }
        s->layer->activation.apply(s->count, beta, h);
    }
}

void gradus_pass_normalise(gradus_pass *pass, size_t l) {
    size_t width = pass->net->layers[l].shape.outputs;
#pragma omp parallel for num_threads(pass->threads) if (pass->count * width >= LONG_ENOUGH)
    for (size_t first = 0; first < width; first += STRIP) {
        strip_t s = strip_of(pass, l, first);
        normalise_strip(&s);
    }
}

/* ---- Back ---- */

/* Adds gamma's and beta's gradient; leaves means of d and d y.  */
static void sum_strip(const strip_t *s, const gradus_sums *sums, double d_mean[STRIP],
                      double dy_mean[STRIP]) {
    double *dgamma = sums->gradient + s->layer->gamma + s->first,
           *dbeta = sums->gradient + s->layer->beta + s->first;
    memset(d_mean, 0, STRIP * sizeof *d_mean);
    memset(dy_mean, 0, STRIP * sizeof *dy_mean);
    for (size_t i = 0; i < s->pass->count; i++) {
        const double *d = s->pass->d + i * s->width + s->first;
        const double *y = s->pass->y[s->l + 1] + i * s->width + s->first;
        for (size_t j = 0; j < s->count; j++) {
            d_mean[j] += d[j];
            dy_mean[j] += d[j] * y[j];
        }
    }
    for (size_t j = 0; j < s->count; j++) {
        dgamma[j] = dy_mean[j] + (sums->begin ? 0.0 : dgamma[j]);
        dbeta[j] = d_mean[j] + (sums->begin ? 0.0 : dbeta[j]);
        d_mean[j] /= (double)s->pass->count;
        dy_mean[j] /= (double)s->pass->count;
    }
}

/* Adds this pass's share to the statistics of the batch.  */
static void record_strip(const strip_t *s, bool begin) {
    const gradus_normalisation *n = &s->pass->net->normalisation;
    size_t unit = s->layer->unit + s->first;
    double count = (double)s->pass->count, share = count * s->pass->factor;
    double sample = count > 1.0 ? count / (count - 1.0) : 1.0;
    for (size_t j = unit; j < unit + s->count; j++) {
        n->batch_mean[j] = share * n->mean[j] + (begin ? 0.0 : n->batch_mean[j]);
        n->batch_variance[j] =
            share * sample * n->variance[j] + (begin ? 0.0 : n->batch_variance[j]);
    }
}

static void back_strip(const strip_t *s, const gradus_sums *sums) {
    const gradus_normalisation *n = &s->pass->net->normalisation;
    const double *gamma = s->pass->x + s->layer->gamma + s->first,
                 *inverse = n->inverse + s->layer->unit + s->first;
    double d_mean[STRIP], dy_mean[STRIP];
    sum_strip(s, sums, d_mean, dy_mean);
    if (n->averages) { /* constants: nothing flows back through them */
        memset(d_mean, 0, sizeof d_mean);
        memset(dy_mean, 0, sizeof dy_mean);
    } else {
        record_strip(s, sums->begin);
    }
    for (size_t i = 0; i < s->pass->count; i++) {
        double *d = s->pass->d + i * s->width + s->first;
        const double *y = s->pass->y[s->l + 1] + i * s->width + s->first;
        for (size_t j = 0; j < s->count; j++)
            d[j] = gamma[j] * inverse[j] * (d[j] - d_mean[j] - y[j] * dy_mean[j]);
    }
}

void gradus_pass_normalise_back(gradus_pass *pass, size_t l, const gradus_sums *sums) {
    size_t width = pass->net->layers[l].shape.outputs;
#pragma omp parallel for num_threads(pass->threads) if (pass->count * width >= LONG_ENOUGH)
    for (size_t first = 0; first < width; first += STRIP) {
        strip_t s = strip_of(pass, l, first);
        back_strip(&s, sums);
    }
}

/* ---- Running averages: how many batches, means, variances ---- */

size_t gradus_network_averages(const void *self) {
    size_t units = ((const gradus_network *)self)->normalisation.units;
    return units ? 1 + 2 * units : 0;
}

void gradus_network_measure_with(void *self, const double averages[]) {
    ((gradus_network *)self)->normalisation.averages = averages;
}

void gradus_network_fold(const void *self, double averages[]) {
    const gradus_normalisation *n = &((const gradus_network *)self)->normalisation;
    double *mean = averages + 1, *variance = mean + n->units;
    bool begun = averages[0] > 0.0;
    averages[0] += 1.0;
    for (size_t i = 0; i < n->units; i++) {
        double before = begun ? variance[i] : 1.0;
        mean[i] += SHARE * (n->batch_mean[i] - mean[i]);
        variance[i] = before + SHARE * (n->batch_variance[i] - before);
    }
}
