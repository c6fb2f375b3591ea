/* CURVES-like images: grey 28 x 28 pictures of a curve through three random points.

     p_0, p_1, p_2 uniform in [0.2, 0.8]^2,
     C(t) = 2 (t - 1/2) (t - 1) p_0 - 4 t (t - 1) p_1 + 2 t (t - 1/2) p_2,   0 <= t <= 1,
     pixel = max_t exp(-|center - C(t)|^2 / (2 s^2))

   with s in pixels.  The images of Hinton and Salakhutdinov (Science 313, 2006) come from
   three random points too, but how they were drawn was never published: the range of the
   points and s are such that 18 principal components leave the squared error of 5.9 that
   they report.  Rounded to bytes, as pixels of files are.  */

#include "data/formats.h"

#include "base/memory.h"
#include "base/stream.h"

#include <math.h>

enum {
    SIDE = 28,
    PIXELS = SIDE * SIDE,
    SAMPLES = 50, /* of t: their distance is below s */
    LEVELS = 255,
    TRAINING_IMAGES = 20000, /* as in the set of 2006 */
    TESTING_IMAGES = 10000,
    TRAINING_SEED = 1,
    TESTING_SEED = 2
};
static const double LEAST = 0.2, MOST = 0.8, WIDTH = 1.18;

typedef struct {
    double x, y;
} point_t;

static point_t on_curve(const point_t p[3], double t) {
    double a = 2.0 * (t - 0.5) * (t - 1.0), b = -4.0 * t * (t - 1.0),
           c = 2.0 * t * (t - 0.5);
    return (point_t){SIDE * (a * p[0].x + b * p[1].x + c * p[2].x),
                     SIDE * (a * p[0].y + b * p[1].y + c * p[2].y)};
}

/* Squared distances of all pixels' centers to the nearest sample of the curve.  */
static void measure(const point_t p[3], double distances[PIXELS]) {
    for (size_t i = 0; i < PIXELS; i++)
        distances[i] = INFINITY;
    for (size_t sample = 0; sample < SAMPLES; sample++) {
        point_t c = on_curve(p, (double)sample / (SAMPLES - 1));
        for (size_t row = 0; row < SIDE; row++) {
            double *line = distances + row * SIDE, up = (double)row + 0.5 - c.y;
#pragma omp simd
            for (int column = 0; column < SIDE; column++) {
                double across = column + 0.5 - c.x, d = across * across + up * up;
                line[column] = d < line[column] ? d : line[column];
            }
        }
    }
}

static void draw(gradus_stream *stream, unsigned char pixels[PIXELS]) {
    point_t p[3];
    double distances[PIXELS];
    for (size_t i = 0; i < 3; i++) {
        p[i].x = LEAST + (MOST - LEAST) * gradus_stream_uniform(stream);
        p[i].y = LEAST + (MOST - LEAST) * gradus_stream_uniform(stream);
    }
    measure(p, distances);
    for (size_t i = 0; i < PIXELS; i++)
        pixels[i] =
            (unsigned char)lround(LEVELS * exp(-distances[i] / (2.0 * WIDTH * WIDTH)));
}

gradus_err gradus_curves_draw(gradus_dataset *out, gradus_part part, gradus_error *why) {
    bool testing = part == GRADUS_TESTING;
    size_t count = testing ? TESTING_IMAGES : TRAINING_IMAGES;
    gradus_stream *stream =
        gradus_stream_open(testing ? TESTING_SEED : TRAINING_SEED, GRADUS_FOR_DATA);
    out->bytes = GRADUS_NEW(count * PIXELS, unsigned char);
    bool ok = stream && out->bytes;
    for (size_t i = 0; ok && i < count; i++)
        draw(stream, out->bytes + i * PIXELS);
    gradus_stream_close(stream);
    if (!ok)
        return gradus_fail(why, GRADUS_ENOMEM, "curves: out of memory for %zu images",
                           count);
    out->storage = GRADUS_BYTES;
    out->scale = 1.0 / LEVELS;
    out->examples = count;
    out->features = PIXELS;
    return GRADUS_OK;
}
