/* The maps, compiled for the vector lengths of x86-64 and for any machine, and chosen at run
   time.  */

#include "linalg/maps.h"

#include "linalg/processor.h"

#include <stdint.h>
#include <string.h>

#if defined __x86_64__

#define TARGET  __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma")))
#define NAME(x) x##_avx512
#include "linalg/maps_template.h"
#undef NAME
#undef TARGET

#define TARGET  __attribute__((target("avx2,fma")))
#define NAME(x) x##_avx2
#include "linalg/maps_template.h"
#undef NAME
#undef TARGET

#endif

#define TARGET
#define NAME(x) x##_generic
#include "linalg/maps_template.h"
#undef NAME
#undef TARGET

#define MAPS(level)                                                                        \
    {                                                                                      \
        .name = #level, .sigmoid = sigmoid_##level, .tanh = tanh_##level,                  \
        .relu = relu_##level, .sigmoid_slope = sigmoid_slope_##level,                      \
        .tanh_slope = tanh_slope_##level, .relu_slope = relu_slope_##level,                \
        .bernoulli = bernoulli_##level                                                     \
    }

/* By speed.  */
static const gradus_maps all[] = {
#if defined __x86_64__
    MAPS(avx512),
    MAPS(avx2),
#endif
    MAPS(generic),
};
enum { LEVELS = sizeof all / sizeof *all };

const gradus_maps *gradus_maps_for(size_t rank) {
    size_t level = gradus_levels_lacking() + rank;
    return level < LEVELS ? &all[level] : NULL;
}
