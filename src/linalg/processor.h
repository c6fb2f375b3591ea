/* Which vector instructions the processor has, and what the kernels for each are written with:
   a file included once for each level, with TARGET the attribute that allows its instructions.  */

#ifndef GRADUS_LINALG_PROCESSOR_H
#define GRADUS_LINALG_PROCESSOR_H

#include <stdbool.h>
#include <stddef.h>

#if defined __clang__
#define UNROLL /* unrolls constant loops by itself; asked to, it does so too late */
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif
#define INLINE static inline __attribute__((always_inline)) TARGET

/* Of the levels avx512, avx2, any, how many of the fastest this processor lacks; where only
   `any` is compiled, 0.  */
static inline size_t gradus_levels_lacking(void) {
#if defined __x86_64__
    bool fused = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && fused)
        return 0;
    return fused ? 1 : 2;
#else
    return 0;
#endif
}

#endif
