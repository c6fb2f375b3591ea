/* Which vector instructions Gradus's own kernels use, and what the kernels for each are written
   with: a file included once for each level, with TARGET the attribute that allows its
   instructions.

   The levels are avx512, avx2 (with fused multiply-add) and generic.  The best that the
   processor has is used, or the best at most as fast as the environment variable asks for.
   It is read once, when the first kernel is chosen.  */

#ifndef GRADUS_LINALG_PROCESSOR_H
#define GRADUS_LINALG_PROCESSOR_H

#include "gradus.h"

#include <stddef.h>

#define GRADUS_VECTORS "GRADUS_VECTORS"

#if defined __clang__
#define UNROLL /* unrolls constant loops by itself; asked to, it does so too late */
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif
#define INLINE static inline __attribute__((always_inline)) TARGET

/* Of the levels that are compiled, by speed, how many of the fastest are not used.  Where only
   `generic` is compiled, 0.  */
size_t gradus_levels_lacking(void);

/* The level that is used, for the record.  */
const char *gradus_vectors(void);

/* Refuses an environment that asks for a level that there is not, with a sentence.  */
gradus_err gradus_vectors_check(gradus_error *why);

#endif
