/* The row kernels, compiled for the vector lengths of x86-64 and for any machine, and
   chosen at run time.  A tile's accumulators, a few vectors of data and one of weights fit
   in the 32 registers of AVX-512 or the 16 of AVX2.  Four rows share a pass over the
   weights, which do not fit in the first cache when there are many columns: with two, that
   pass took twice as long as the arithmetic.  */

#include "linalg/rows.h"

#include "linalg/processor.h"

#if defined __x86_64__

#include <immintrin.h>
#include <string.h>

/* Four bytes in a register, wherever they lie.  */
static inline __m128i four_bytes(const void *bytes) {
    int word;
    memcpy(&word, bytes, sizeof word);
    return _mm_cvtsi32_si128(word);
}

#define TARGET           __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma")))
#define LANES            8
#define FORWARD_ROWS     4
#define FORWARD_OUTPUTS  5
#define BACKWARD_OUTPUTS 10
#define NAME(x)          x##_bytes_avx512
#define ENTRY            unsigned char
#define WIDEN(p)         ((VECTOR)_mm512_cvtepi32_pd(_mm256_cvtepu8_epi32(_mm_loadu_si64(p))))
#include "linalg/rows_template.h"
#undef NAME
#undef ENTRY
#undef WIDEN
#define NAME(x)  x##_doubles_avx512
#define ENTRY    double
#define WIDEN(p) LOAD(p)
#include "linalg/rows_template.h"
#undef NAME
#undef ENTRY
#undef WIDEN
#undef TARGET
#undef LANES
#undef FORWARD_ROWS
#undef FORWARD_OUTPUTS
#undef BACKWARD_OUTPUTS

#define TARGET           __attribute__((target("avx2,fma")))
#define LANES            4
#define FORWARD_ROWS     2
#define FORWARD_OUTPUTS  5
#define BACKWARD_OUTPUTS 5
#define NAME(x)          x##_bytes_avx2
#define ENTRY            unsigned char
#define WIDEN(p)         ((VECTOR)_mm256_cvtepi32_pd(_mm_cvtepu8_epi32(four_bytes(p))))
#include "linalg/rows_template.h"
#undef NAME
#undef ENTRY
#undef WIDEN
#define NAME(x)  x##_doubles_avx2
#define ENTRY    double
#define WIDEN(p) LOAD(p)
#include "linalg/rows_template.h"
#undef NAME
#undef ENTRY
#undef WIDEN
#undef TARGET
#undef LANES
#undef FORWARD_ROWS
#undef FORWARD_OUTPUTS
#undef BACKWARD_OUTPUTS

#endif

#define TARGET
#define LANES            2
#define FORWARD_ROWS     2
#define FORWARD_OUTPUTS  5
#define BACKWARD_OUTPUTS 5
#define NAME(x)          x##_bytes_generic
#define ENTRY            unsigned char
#define WIDEN(p)         ((VECTOR){(p)[0], (p)[1]})
#include "linalg/rows_template.h"
#undef NAME
#undef ENTRY
#undef WIDEN
#define NAME(x)  x##_doubles_generic
#define ENTRY    double
#define WIDEN(p) LOAD(p)
#include "linalg/rows_template.h"
#undef NAME
#undef ENTRY
#undef WIDEN
#undef TARGET
#undef LANES
#undef FORWARD_ROWS
#undef FORWARD_OUTPUTS
#undef BACKWARD_OUTPUTS

#define KERNELS(kind, level)                                                               \
    {                                                                                      \
        .name = #kind ", " #level, .forward = forward_##kind##_##level,                    \
        .backward = backward_##kind##_##level                                              \
    }

/* By speed, then by kind of entry.  */
static const gradus_row_kernels all[][2] = {
#if defined __x86_64__
    {KERNELS(bytes, avx512), KERNELS(doubles, avx512)},
    {KERNELS(bytes, avx2), KERNELS(doubles, avx2)},
#endif
    {KERNELS(bytes, generic), KERNELS(doubles, generic)},
};
enum { LEVELS = sizeof all / sizeof *all };

const gradus_row_kernels *gradus_row_kernels_for(gradus_entry entry, size_t rank) {
    size_t level = gradus_levels_lacking() + rank;
    return level < LEVELS ? &all[level][entry] : NULL;
}
