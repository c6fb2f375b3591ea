/* Random streams on GSL's Mersenne twister (Matsumoto and Nishimura, "Mersenne twister",
   ACM TOMACS 8(1), 1998).  The only file that includes gsl_randist.h, which cannot stand
   beside OpenBLAS's cblas.h.  */

#include "base/stream.h"

#include "base/memory.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <string.h>

/* A gradus_stream is a gsl_rng under a name of ours.  */
static gsl_rng *rng(gradus_stream *stream) { return (gsl_rng *)stream; }

/* SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): neighbouring seeds and purposes get
   unrelated generator seeds.  */
static uint64_t mix(uint64_t z) {
    z += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Not gsl_rng_alloc, which ends the process when there is no memory.  */
gradus_stream *gradus_stream_open(uint64_t seed, gradus_purpose purpose) {
    gsl_rng *generator = GRADUS_NEW(1, gsl_rng);
    if (!generator)
        return NULL;
    generator->type = gsl_rng_mt19937;
    generator->state = gradus_allocate(1, generator->type->size);
    if (!generator->state) {
        gradus_free(generator);
        return NULL;
    }
    gsl_rng_set(generator, (unsigned long)(mix(mix(seed) + (uint64_t)purpose) >> 32));
    return (gradus_stream *)generator;
}

void gradus_stream_close(gradus_stream *stream) {
    if (!stream)
        return;
    gradus_free(rng(stream)->state);
    gradus_free(stream);
}

/* As GSL keeps mt19937: words of 32 bits in longs, and the index of the next one.  */
static bool is_sound(const void *bytes, size_t count) {
    enum { WORDS = 624 };
    unsigned long words[WORDS];
    int next;
    if (count < sizeof words + sizeof next)
        return false;
    memcpy(words, bytes, sizeof words);
    memcpy(&next, (const unsigned char *)bytes + sizeof words, sizeof next);
    bool sound = next >= 0 && next <= WORDS;
    for (size_t i = 0; i < WORDS; i++)
        sound = sound && words[i] <= UINT32_MAX;
    return sound;
}

void gradus_stream_list(gradus_stream *stream, const char *group,
                        gradus_inventory *inventory) {
    gradus_inventory_add(inventory, GRADUS_KEPT_BYTES, group, "stream",
                         gsl_rng_state(rng(stream)), gsl_rng_size(rng(stream)));
    gradus_inventory_require(inventory, is_sound);
}

double gradus_stream_uniform(gradus_stream *stream) { return gsl_rng_uniform(rng(stream)); }

double gradus_stream_normal(gradus_stream *stream) {
    return gsl_ran_gaussian_ziggurat(rng(stream), 1.0);
}

size_t gradus_stream_below(gradus_stream *stream, size_t bound) {
    /* Two 32-bit draws make 64 bits; rejection keeps every value equally likely.  */
    uint64_t limit = UINT64_MAX - UINT64_MAX % bound, draw;
    do {
        draw = (uint64_t)gsl_rng_get(rng(stream)) << 32;
        draw |= gsl_rng_get(rng(stream)); /* two statements: C orders no operands */
    } while (draw >= limit);
    return (size_t)(draw % bound);
}

void gradus_stream_shuffle(gradus_stream *stream, size_t rows[], size_t count) {
    for (size_t i = count; i > 1; i--) { /* Fisher-Yates */
        size_t j = gradus_stream_below(stream, i), row = rows[i - 1];
        rows[i - 1] = rows[j];
        rows[j] = row;
    }
}
