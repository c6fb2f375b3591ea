/* Losses.  */

#include "problems/network/losses.h"

#include "linalg/maps.h"

#include <math.h>
#include <string.h>

/* ---- Bernoulli ---- */

static double bernoulli_respond(size_t k, gradus_target target, double z[]) {
    return gradus_maps_for(0)->bernoulli(k, target.values, z);
}

static void bernoulli_curve(size_t k, const double y[], double u[]) {
    gradus_maps_for(0)->sigmoid_slope(k, y, u);
}

static gradus_target bernoulli_draw(size_t k, const double y[], gradus_stream *stream,
                                    double space[]) {
    for (size_t i = 0; i < k; i++)
        space[i] = gradus_stream_uniform(stream) < y[i] ? 1.0 : 0.0;
    return (gradus_target){.values = space};
}

const gradus_loss gradus_loss_bernoulli = {bernoulli_respond, bernoulli_curve,
                                           bernoulli_draw};

/* ---- Squared: a normal distribution with variance 1 ---- */

static double squared_respond(size_t k, gradus_target target, double z[]) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < k; i++)
        total += (z[i] - target.values[i]) * (z[i] - target.values[i]);
    return 0.5 * total;
}

static void squared_curve(size_t k, const double y[], double u[]) {
    (void)k, (void)y, (void)u;
}

static gradus_target squared_draw(size_t k, const double y[], gradus_stream *stream,
                                  double space[]) {
    for (size_t i = 0; i < k; i++)
        space[i] = y[i] + gradus_stream_normal(stream);
    return (gradus_target){.values = space};
}

const gradus_loss gradus_loss_squared = {squared_respond, squared_curve, squared_draw};

/* ---- Softmax ---- */

static double softmax_respond(size_t k, gradus_target target, double z[]) {
    double most = z[0], total = 0.0, own = z[target.label];
    for (size_t i = 1; i < k; i++)
        most = z[i] > most ? z[i] : most;
    for (size_t i = 0; i < k; i++)
        total += z[i] = exp(z[i] - most);
    for (size_t i = 0; i < k; i++)
        z[i] /= total;
    return log(total) - (own - most);
}

static void softmax_curve(size_t k, const double y[], double u[]) {
    double mean = 0.0;
    for (size_t i = 0; i < k; i++)
        mean += y[i] * u[i];
    for (size_t i = 0; i < k; i++)
        u[i] = y[i] * (u[i] - mean);
}

static gradus_target softmax_draw(size_t k, const double y[], gradus_stream *stream,
                                  double space[]) {
    double left = gradus_stream_uniform(stream);
    size_t label = 0;
    (void)space;
    while (label + 1 < k && left >= y[label])
        left -= y[label++];
    return (gradus_target){.label = label};
}

const gradus_loss gradus_loss_softmax = {softmax_respond, softmax_curve, softmax_draw};

/* ---- What they share ---- */

void gradus_residual(size_t k, gradus_target target, double factor, const double y[],
                     double d[]) {
    if (target.values) {
#pragma omp simd
        for (size_t i = 0; i < k; i++)
            d[i] = factor * (y[i] - target.values[i]);
    } else {
        for (size_t i = 0; i < k; i++)
            d[i] = factor * (y[i] - (i == target.label ? 1.0 : 0.0));
    }
}
