/* The maps, compiled for the vector lengths of x86-64 and for any machine, and chosen at run
   time.  */

#include "linalg/maps.h"

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
#define NAME(x) x##_any
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
    MAPS(any),
};
enum { LEVELS = sizeof all / sizeof *all };

/* How many of the fastest levels this processor lacks.  */
static size_t first_level(void) {
#if defined __x86_64__
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return 0;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 1 : 2;
#else
    return 0;
#endif
}

const gradus_maps *gradus_maps_for(size_t rank) {
    size_t level = first_level() + rank;
    return level < LEVELS ? &all[level] : NULL;
}
