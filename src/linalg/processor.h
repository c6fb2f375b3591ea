/* Which vector instructions the processor has.  */

#ifndef GRADUS_LINALG_PROCESSOR_H
#define GRADUS_LINALG_PROCESSOR_H

#include <stdbool.h>
#include <stddef.h>

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
