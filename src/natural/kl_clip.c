/* Shortens a natural gradient to what its model of the curvature is good for.  */

#include "natural/kl_clip.h"

#include <math.h>

void gradus_kl_clip_open(gradus_kl_clip *clip, double most, const gradus_oracle *oracle,
                         gradus_state *state) {
    clip->most = most;
    if (most > 0.0)
        gradus_metric_open(&clip->metric, oracle, state);
}

void gradus_kl_clip_note(gradus_kl_clip *clip, const gradus_descent *descent) {
    if (clip->most > 0.0)
        gradus_metric_note(&clip->metric, descent);
}

double gradus_kl_clip_rate(const gradus_kl_clip *clip, const gradus_descent *descent,
                           double rate) {
    if (!(clip->most > 0.0))
        return rate;
    double product = gradus_metric_product(&clip->metric, descent);
    double factor = sqrt(clip->most / (rate * rate * product));
    return factor < 1.0 ? factor * rate : rate;
}
