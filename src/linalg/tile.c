/* The product of two parts of matrices: compiled for the vector lengths of x86-64 that have
   fused multiply-add, chosen at run time, and left to dgemm on any other machine.

   For the products of a network on a mini-batch this is 1.1 to 1.2 times as fast as OpenBLAS
   0.3.21 with its kernels for AVX-512, 1.9 times as fast as with those for AVX2 (which its
   variable OPENBLAS_CORETYPE can ask for), and the bits do not change with that variable.  */

#include "linalg/tile.h"

#include "linalg/processor.h"

#include <cblas.h>

/* dgemm wants one that is not 0, of matrices without columns too.  */
static int leading(gradus_operand X) { return X.stride > 0 ? (int)X.stride : 1; }

static void tile_any(size_t m, size_t n, size_t k, gradus_operand A, gradus_operand B,
                     bool add, double C[], size_t stride) {
    cblas_dgemm(CblasRowMajor, A.transposed ? CblasTrans : CblasNoTrans,
                B.transposed ? CblasTrans : CblasNoTrans, (int)m, (int)n, (int)k, 1.0,
                A.entries, leading(A), B.entries, leading(B), add ? 1.0 : 0.0, C,
                (int)stride);
}

#if defined __x86_64__

#include <immintrin.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    TERMS = 256,  /* of a sum, before it is added to C: a panel of B is 48 KB */
    HEIGHT = 256, /* rows of A that are copied at a time: half a megabyte */
    FEWEST = 8,   /* rows that are copied where there is no memory for more */
    WIDEST = 24,  /* columns of a panel of B */
    SQUARE = 4,   /* side of what is transposed in registers */
    LINE = 8,     /* numbers of a cache line */
};

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static void take_edge(size_t rows, size_t columns, const double edge[], size_t edge_stride,
                      bool add, double C[], size_t stride) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            double sum = edge[i * edge_stride + j];
            C[i * stride + j] = add ? C[i * stride + j] + sum : sum;
        }
}

/* ---- Copying ---- */

/* Writes the transpose of 4 x 4 numbers, in rows STRIDE apart, to rows WIDTH apart.  */
__attribute__((target("avx2"))) static inline void
transpose_square(const double x[], size_t stride, double out[], size_t width) {
    __m256d a = _mm256_loadu_pd(x), b = _mm256_loadu_pd(x + stride),
            c = _mm256_loadu_pd(x + 2 * stride), d = _mm256_loadu_pd(x + 3 * stride);
    __m256d ab_even = _mm256_unpacklo_pd(a, b), ab_odd = _mm256_unpackhi_pd(a, b),
            cd_even = _mm256_unpacklo_pd(c, d), cd_odd = _mm256_unpackhi_pd(c, d);
    _mm256_storeu_pd(out, _mm256_permute2f128_pd(ab_even, cd_even, 0x20));
    _mm256_storeu_pd(out + width, _mm256_permute2f128_pd(ab_odd, cd_odd, 0x20));
    _mm256_storeu_pd(out + 2 * width, _mm256_permute2f128_pd(ab_even, cd_even, 0x31));
    _mm256_storeu_pd(out + 3 * width, _mm256_permute2f128_pd(ab_odd, cd_odd, 0x31));
}

/* Copies COUNT sequences of K numbers, of which one's stand together and the next begins STRIDE
   on, so that the p-th of all stand together, WIDTH apart from the next.  */
__attribute__((target("avx2"))) static void copy_transposed(size_t width, size_t count,
                                                            size_t k, const double x[],
                                                            size_t stride, double out[]) {
    size_t i = 0;
    for (; i + SQUARE <= count; i += SQUARE) {
        size_t p = 0;
        for (; p + SQUARE <= k; p += SQUARE)
            transpose_square(x + i * stride + p, stride, out + p * width + i, width);
        for (; p < k; p++)
            for (size_t s = i; s < i + SQUARE; s++)
                out[p * width + s] = x[s * stride + p];
    }
    for (; i < count; i++)
        for (size_t p = 0; p < k; p++)
            out[p * width + i] = x[i * stride + p];
}

/* The same where the p-th of all stand together already, and the next STRIDE on.  */
__attribute__((target("avx2"))) static void copy_across(size_t width, size_t count,
                                                        size_t k, const double x[],
                                                        size_t stride, double out[]) {
    size_t whole = count - count % SQUARE;
    for (size_t p = 0; p < k; p++, out += width, x += stride) {
        for (size_t i = 0; i < whole; i += SQUARE)
            _mm256_storeu_pd(out + i, _mm256_loadu_pd(x + i));
        for (size_t i = whole; i < count; i++)
            out[i] = x[i];
        for (size_t i = 0; i < whole;
             i += LINE) /* the next copy's, ready when it is made */
            __builtin_prefetch(x + width + i, 0, 2);
    }
}

static void copy(size_t width, size_t count, size_t k, gradus_operand X, bool across,
                 double out[]) {
    if (count < width)
        memset(out, 0, width * k * sizeof *out);
    if (across)
        copy_across(width, count, k, X.entries, X.stride, out);
    else
        copy_transposed(width, count, k, X.entries, X.stride, out);
}

/* ---- Where the copies are ---- */

/* Memory for HEIGHT rows of A and a panel of B, which a thread keeps until it ends: it is asked
   for once, and is no part of any stack.  */
static pthread_key_t room_key;
static bool has_key;

static void make_key(void) { has_key = pthread_key_create(&room_key, free) == 0; }

static double *room(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_key);
    double *memory = has_key ? pthread_getspecific(room_key) : NULL;
    if (memory || !has_key)
        return memory;
    memory = aligned_alloc(64, (HEIGHT + WIDEST) * TERMS * sizeof *memory);
    if (memory && pthread_setspecific(room_key, memory) == 0)
        return memory;
    free(memory);
    return NULL;
}

typedef struct {
    size_t height; /* rows of A */
    double *a, *b;
} copies_t;

typedef void through_copies(size_t m, size_t n, size_t k, gradus_operand A,
                            gradus_operand B, bool add, double C[], size_t stride,
                            const copies_t *copies);

/* Without memory slower, but with the same bits.  */
static void tile_in_room(through_copies *tile, size_t m, size_t n, size_t k,
                         gradus_operand A, gradus_operand B, bool add, double C[],
                         size_t stride) {
    double little[(FEWEST + WIDEST) * TERMS] __attribute__((aligned(64)));
    double *memory = room();
    copies_t copies = {.height = memory ? HEIGHT : FEWEST, .a = memory ? memory : little};
    copies.b = copies.a + copies.height * TERMS;
    tile(m, n, k, A, B, add, C, stride, &copies);
}

/* ---- Kernels ---- */

#define TARGET       __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma")))
#define NAME(x)      x##_avx512
#define LANES        8
#define ROWS         8
#define VECTORS      3
#define MULTIPLY_ADD _mm512_fmadd_pd
#include "linalg/tile_template.h"
#undef MULTIPLY_ADD
#undef VECTORS
#undef ROWS
#undef LANES
#undef NAME
#undef TARGET

#define TARGET       __attribute__((target("avx2,fma")))
#define NAME(x)      x##_avx2
#define LANES        4
#define ROWS         4
#define VECTORS      3
#define MULTIPLY_ADD _mm256_fmadd_pd
#include "linalg/tile_template.h"
#undef MULTIPLY_ADD
#undef VECTORS
#undef ROWS
#undef LANES
#undef NAME
#undef TARGET

#endif

/* By speed.  */
static const gradus_tile_level all[] = {
#if defined __x86_64__
    {"avx512", tile_avx512},
    {"avx2", tile_avx2},
#endif
    {"dgemm", tile_any},
};
enum { LEVELS = sizeof all / sizeof *all };

const gradus_tile_level *gradus_tile_level_for(size_t rank) {
    size_t level = gradus_levels_lacking() + rank;
    return level < LEVELS ? &all[level] : NULL;
}

void gradus_tile(size_t m, size_t n, size_t k, gradus_operand A, gradus_operand B, bool add,
                 double C[], size_t stride) {
    gradus_tile_level_for(0)->tile(m, n, k, A, B, add, C, stride);
}
