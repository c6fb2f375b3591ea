/* Asking the processor, and what the environment leaves of it.  */

#include "linalg/processor.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* By speed.  */
static const char *const levels[] = {"avx512", "avx2", "generic"};
enum { LEVELS = sizeof levels / sizeof *levels, GENERIC = LEVELS - 1 };

/* The first of the levels that this processor has.  */
static size_t best(void) {
#if defined __x86_64__
    bool fused = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && fused)
        return 0;
    return fused ? 1 : GENERIC;
#else
    return GENERIC;
#endif
}

/* LEVELS: there is none of that name.  An empty word is no word.  */
static size_t level_named(const char *word) {
    size_t level = 0;
    if (!word || !*word)
        return 0;
    while (level < LEVELS && strcmp(levels[level], word) != 0)
        level++;
    return level;
}

/* A word that is none is refused before any kernel is used.  */
static size_t choose(void) {
    size_t asked = level_named(getenv(GRADUS_VECTORS)), had = best();
    return asked < LEVELS && asked > had ? asked : had;
}

/* Every thread that finds nothing chosen yet chooses the same.  */
static size_t chosen(void) {
    static atomic_size_t known; /* one more than the level; 0: none is chosen yet */
    size_t level = atomic_load_explicit(&known, memory_order_relaxed);
    if (level == 0) {
        level = choose() + 1;
        atomic_store_explicit(&known, level, memory_order_relaxed);
    }
    return level - 1;
}

size_t gradus_levels_lacking(void) {
#if defined __x86_64__
    return chosen();
#else
    return 0;
#endif
}

const char *gradus_vectors(void) { return levels[chosen()]; }

gradus_err gradus_vectors_check(gradus_error *why) {
    const char *word = getenv(GRADUS_VECTORS);
    if (level_named(word) < LEVELS)
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EINPUT,
                       "the environment variable " GRADUS_VECTORS
                       " is '%s': expected generic, avx2 or avx512; unset, it is the best "
                       "that the processor has",
                       word);
}
