/* Fewer and smaller images of a data set: the first ones, and the means of squares of their
   pixels.  */

#include "base/memory.h"
#include "core/settings.h"
#include "data/formats.h"

#include <math.h>

typedef struct {
    long size, examples;
} values_t;

static const gradus_param params[] = {
    {GRADUS_FIELD(values_t, size), .minimum = 1, .maximum = 1e4, .unset = "auto",
     .help = "Rows and columns of an image."},
    {GRADUS_FIELD(values_t, examples), .minimum = 2, .maximum = 1e12, .unset = "all",
     .help = "How many, the first ones; for testing at most so many."},
    {0}};

static gradus_err no_memory(const char *name, gradus_error *why) {
    return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", name);
}

/* ---- Fewer ---- */

/* The bytes of the others stay where they are, unused but for the memory.  */
static gradus_err keep(gradus_dataset *set, const char *name, size_t count,
                       gradus_part part, gradus_error *why) {
    if (part == GRADUS_TRAINING && count > set->examples)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: examples=%zu: expected at most %zu, as there are", name,
                           count, set->examples);
    set->examples = count < set->examples ? count : set->examples;
    return GRADUS_OK;
}

/* ---- Smaller ---- */

/* The sums over squares of FACTOR pixels on a side.  */
static void pool(const unsigned char *image, size_t side, size_t factor, double out[]) {
    size_t size = side / factor;
    for (size_t row = 0; row < side; row++)
        for (size_t column = 0; column < side; column++)
            out[row / factor * size + column / factor] += image[row * side + column];
}

static gradus_err shrink(gradus_dataset *set, const char *name, size_t size,
                         gradus_error *why) {
    size_t side = (size_t)lround(sqrt((double)set->features));
    if (side * side != set->features || side % size != 0)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: size=%zu: expected a divisor of %zu, the rows and columns "
                           "of an image",
                           name, size, side);
    size_t factor = side / size;
    set->doubles = GRADUS_NEW(set->examples * size * size, double);
    if (!set->doubles)
        return no_memory(name, why);
    for (size_t i = 0; i < set->examples; i++)
        pool(set->bytes + i * set->features, side, factor, set->doubles + i * size * size);
    gradus_free(set->bytes);
    set->bytes = NULL;
    set->storage = GRADUS_DOUBLES;
    set->scale /= (double)(factor * factor);
    set->features = size * size;
    return GRADUS_OK;
}

gradus_err gradus_images_reduce(gradus_dataset *set, const char *name, const char *options,
                                gradus_part part, gradus_error *why) {
    gradus_settings settings;
    gradus_err err = gradus_settings_open(&settings, name, params, sizeof(values_t), why);
    if (!err)
        err = gradus_settings_parse_colons(&settings, options, why);
    const values_t *v = err ? NULL : settings.values;
    if (!err && gradus_integer_given(v->examples))
        err = keep(set, name, (size_t)v->examples, part, why);
    if (!err && gradus_integer_given(v->size))
        err = shrink(set, name, (size_t)v->size, why);
    gradus_settings_close(&settings);
    return err;
}
