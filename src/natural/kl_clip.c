/* Shortens a natural gradient to what its model of the curvature is good for.  */

#include "natural/kl_clip.h"

#include "linalg/vector.h"

#include <math.h>
#include <string.h>

void gradus_kl_clip_open(gradus_kl_clip *clip, double most, size_t n, gradus_state *state) {
    clip->most = most;
    if (most > 0.0)
        clip->raw = gradus_state_scratch(state, n, sizeof(double));
}

void gradus_kl_clip_note(gradus_kl_clip *clip, const gradus_descent *descent,
                         const gradus_factors *factors) {
    if (!clip->raw)
        return;
    memcpy(clip->raw, descent->g, descent->n * sizeof(double));
    clip->mapped = descent->mapping ? descent->mapping->product : 0.0;
    for (size_t i = 0; descent->mapping && i < factors->layers; i++) {
        const gradus_layer *shape = &factors->factor[i].shape;
        if (!descent->mapping->layers[i].matrix)
            continue;
        memset(clip->raw + shape->weights, 0,
               shape->outputs * shape->inputs * sizeof(double));
        if (shape->biases != GRADUS_NO_BIASES)
            memset(clip->raw + shape->biases, 0, shape->outputs * sizeof(double));
    }
}

void gradus_kl_clip_apply(const gradus_kl_clip *clip, const gradus_descent *descent,
                          double rate) {
    if (!clip->raw)
        return;
    double rest = gradus_dot(descent->n, clip->raw, descent->g, descent->threads);
    double change = rate * rate * (clip->mapped + rest);
    double factor = sqrt(clip->most / change);
    for (size_t i = 0; factor < 1.0 && i < descent->n; i++)
        descent->g[i] *= factor;
}
