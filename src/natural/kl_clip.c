/* Shortens a natural gradient to what its model of the curvature is good for.  */

#include "natural/kl_clip.h"

#include "linalg/vector.h"

#include <math.h>

void gradus_kl_clip_open(gradus_kl_clip *clip, double most, size_t n, size_t layers,
                         gradus_state *state) {
    clip->most = most;
    if (!(most > 0.0))
        return;
    clip->raw = gradus_state_scratch(state, n, sizeof(double));
    clip->spans = gradus_state_scratch(state, 2 * layers + 1, sizeof *clip->spans);
}

/* ---- What is not mapped ---- */

static void end_span(gradus_kl_clip *clip, size_t begin, size_t end) {
    if (begin < end)
        clip->spans[clip->count++] = (gradus_span){begin, end - begin};
}

/* Layers come in the order of their parameters.  */
static void find_spans(gradus_kl_clip *clip, const gradus_descent *descent,
                       const gradus_factors *factors) {
    const gradus_mapping *mapping = descent->mapping;
    size_t begin = 0;
    clip->count = 0;
    for (size_t i = 0; mapping && i < factors->layers; i++) {
        const gradus_layer *shape = &factors->factor[i].shape;
        if (!mapping->layers[i].matrix)
            continue;
        end_span(clip, begin, shape->weights);
        begin = shape->weights + shape->outputs * shape->inputs;
        if (shape->biases == GRADUS_NO_BIASES)
            continue;
        end_span(clip, begin, shape->biases);
        begin = shape->biases + shape->outputs;
    }
    end_span(clip, begin, descent->n);
}

/* ---- Before and after ---- */

void gradus_kl_clip_note(gradus_kl_clip *clip, const gradus_descent *descent,
                         const gradus_factors *factors) {
    if (!clip->raw)
        return;
    find_spans(clip, descent, factors);
    clip->mapped = descent->mapping ? descent->mapping->product : 0.0;
    for (size_t i = 0; i < clip->count; i++)
        gradus_copy(clip->spans[i].count, descent->g + clip->spans[i].begin,
                    clip->raw + clip->spans[i].begin, descent->threads);
}

double gradus_kl_clip_rate(const gradus_kl_clip *clip, const gradus_descent *descent,
                           double rate) {
    if (!clip->raw)
        return rate;
    double product = clip->mapped;
    for (size_t i = 0; i < clip->count; i++)
        product += gradus_dot(clip->spans[i].count, clip->raw + clip->spans[i].begin,
                              descent->g + clip->spans[i].begin, descent->threads);
    double factor = sqrt(clip->most / (rate * rate * product));
    return factor < 1.0 ? factor * rate : rate;
}
