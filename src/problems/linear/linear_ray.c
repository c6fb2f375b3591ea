/* A linear model along a ray: with s and u the scores of an example at x and d,

     phi(t)  = 1/N sum_i loss(s_i + t u_i, y_i) + l2/2 |x + t d|^2,
     phi'(t) = 1/N sum_i dloss(s_i + t u_i, y_i)' u_i + l2 (x'd + t d'd),

   which costs some operations for every score, but no look at the features.

   Fan, Chang, Hsieh, Wang and Lin, "LIBLINEAR: a library for large linear classification",
   J. Machine Learning Research 9, 2008, whose Newton method searches in this way.  */

#include "problems/linear/linear_ray.h"

typedef struct {
    const gradus_linear_ray *ray;
    double step;
} job_t;

enum { LOSS, SLOPE, SUMS };

static void along_block(void *context, const gradus_batch *batch, size_t first,
                        size_t count, double sums[], void *scratch) {
    const job_t *job = context;
    const gradus_linear_ray *ray = job->ray;
    size_t k = ray->outputs;
    double *p = scratch;
    for (size_t i = first; i < first + count; i++) {
        const double *s = ray->scores + i * k, *u = ray->changes + i * k;
        size_t target = ray->targets[gradus_batch_row(batch, i)];
        for (size_t j = 0; j < k; j++)
            p[j] = s[j] + job->step * u[j];
        sums[LOSS] += ray->link->respond(k, target, p);
        ray->link->residual(k, target, p);
        for (size_t j = 0; j < k; j++)
            sums[SLOPE] += p[j] * u[j];
    }
}

void gradus_linear_ray_along(const gradus_linear_ray *ray, gradus_blocks *blocks,
                             const gradus_batch *batch, double step, double *value,
                             double *slope) {
    job_t job = {.ray = ray, .step = step};
    const double *sums = gradus_blocks_sum(blocks, batch, SUMS, along_block, &job);
    double mean = 1.0 / (double)batch->count;
    *value = sums[LOSS] * mean +
             0.5 * (ray->square + step * (2.0 * ray->cross + step * ray->curvature));
    *slope = sums[SLOPE] * mean + ray->cross + step * ray->curvature;
}
