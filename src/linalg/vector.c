/* Sums over long vectors: fixed blocks, each summed by one thread, and the block sums added
   in a fixed order.  Where a block begins depends on the length alone.  A vector of one block
   is done at once: beginning a parallel region costs more, even with one thread.  */

#include "linalg/vector.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum {
    BLOCK = 4096,       /* doubles: three vectors of this fit in a 96 KiB cache */
    PARTS = 64,         /* of a long vector */
    LONG_ENOUGH = 65536 /* below this, starting threads costs more than the sum */
};

/* SCALE is for the sums that need one.  */
typedef double (*block_sum)(size_t n, const double x[], const double y[], double scale);

static size_t block_length(size_t n, size_t begin) {
    return n - begin < BLOCK ? n - begin : BLOCK;
}

/* The entries of one part: a whole number of blocks.  */
static size_t part_length(size_t n) {
    size_t blocks = (n + BLOCK - 1) / BLOCK;
    return (blocks + PARTS - 1) / PARTS * BLOCK;
}

static double sum_part(size_t n, const double x[], const double y[], double scale,
                       block_sum sum) {
    double total = 0.0;
    for (size_t begin = 0; begin < n; begin += BLOCK)
        total += sum(block_length(n, begin), x + begin, y + begin, scale);
    return total;
}

static double sum_blocks(size_t n, const double x[], const double y[], double scale,
                         size_t threads, block_sum sum) {
    if (n <= BLOCK)
        return sum(n, x, y, scale);
    double parts[PARTS] = {0.0}, total = 0.0;
    size_t length = part_length(n);
#pragma omp parallel for num_threads(threads) if (threads > 1 && n >= LONG_ENOUGH)
    for (size_t i = 0; i < PARTS; i++) {
        size_t begin = i * length;
        if (begin < n)
            parts[i] = sum_part(n - begin < length ? n - begin : length, x + begin,
                                y + begin, scale, sum);
    }
    for (size_t i = 0; i < PARTS; i++)
        total += parts[i];
    return total;
}

static double dot_block(size_t n, const double x[], const double y[], double scale) {
    (void)scale;
    return cblas_ddot((int)n, x, 1, y, 1);
}

static double distance_block(size_t n, const double x[], const double y[], double scale) {
    double total = 0.0;
    (void)scale;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++)
        total += (x[i] - y[i]) * (x[i] - y[i]);
    return total;
}

static double scaled_block(size_t n, const double x[], const double y[], double scale) {
    double total = 0.0;
    (void)y;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++)
        total += (scale * x[i]) * (scale * x[i]);
    return total;
}

static double scaled_distance_block(size_t n, const double x[], const double y[],
                                    double scale) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++)
        total += (scale * (x[i] - y[i])) * (scale * (x[i] - y[i]));
    return total;
}

double gradus_dot(size_t n, const double x[], const double y[], size_t threads) {
    return sum_blocks(n, x, y, 1.0, threads, dot_block);
}

/* ---- Norms ----

   The sum of the squares as they are serves unless it overflowed, or is so small that the
   squares which underflowed may count: each of the N loses at most half the least number
   above zero, DBL_MIN DBL_EPSILON / 2, which is below the rounding of a sum that is N
   DBL_MIN or more.  Then the entries are multiplied by a power of two that brings the
   largest near 1: Blue, "A portable Fortran program to find the Euclidean norm of a
   vector", ACM TOMS 4(1), 1978, with one accumulator where he has three.  */

static bool is_safe(size_t n, double square) {
    return square <= DBL_MAX && square >= (double)n * DBL_MIN;
}

/* The largest magnitude in x, or in x - y if there is Y; it passes over what is NaN.  */
static double largest_of(size_t n, const double x[], const double y[]) {
    double largest = 0.0;
#pragma omp simd reduction(max : largest)
    for (size_t i = 0; i < n; i++) {
        double size = fabs(y ? x[i] - y[i] : x[i]);
        largest = size > largest ? size : largest;
    }
    return largest;
}

/* SQUARE is the plain sum, which is not safe.  The exponent is such that its power of two
   and the power's inverse are both normal numbers.  */
static double scaled_norm(size_t n, const double x[], const double y[], double square,
                          size_t threads) {
    enum { MOST_EXPONENT = 1000 };
    double largest = largest_of(n, x, y);
    int exponent;
    if (isnan(square) || isinf(largest) || largest == 0.0)
        return sqrt(square);
    frexp(largest, &exponent);
    exponent = exponent > MOST_EXPONENT    ? MOST_EXPONENT
               : exponent < -MOST_EXPONENT ? -MOST_EXPONENT
                                           : exponent;
    double sum = sum_blocks(n, x, y ? y : x, ldexp(1.0, -exponent), threads,
                            y ? scaled_distance_block : scaled_block);
    return ldexp(sqrt(sum), exponent);
}

double gradus_norm(size_t n, const double x[], size_t threads) {
    double square = gradus_dot(n, x, x, threads);
    return is_safe(n, square) ? sqrt(square) : scaled_norm(n, x, NULL, square, threads);
}

double gradus_distance(size_t n, const double x[], const double y[], size_t threads) {
    double square = sum_blocks(n, x, y, 1.0, threads, distance_block);
    return is_safe(n, square) ? sqrt(square) : scaled_norm(n, x, y, square, threads);
}

void gradus_copy(size_t n, const double x[], double out[], size_t threads) {
    if (n <= BLOCK) {
        memcpy(out, x, n * sizeof *x);
        return;
    }
#pragma omp parallel for num_threads(threads) if (threads > 1 && n >= LONG_ENOUGH)
    for (size_t begin = 0; begin < n; begin += BLOCK)
        memcpy(out + begin, x + begin, block_length(n, begin) * sizeof *x);
}

void gradus_add(size_t n, double a, const double x[], double y[], size_t threads) {
    gradus_move(n, y, a, x, y, threads);
}

static void move_block(size_t n, const double x[], double a, const double d[],
                       double out[]) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        out[i] = x[i] + a * d[i];
}

void gradus_move(size_t n, const double x[], double a, const double d[], double out[],
                 size_t threads) {
    if (n <= BLOCK) {
        move_block(n, x, a, d, out);
        return;
    }
#pragma omp parallel for num_threads(threads) if (threads > 1 && n >= LONG_ENOUGH)
    for (size_t begin = 0; begin < n; begin += BLOCK)
        move_block(block_length(n, begin), x + begin, a, d + begin, out + begin);
}

void gradus_sweep(size_t n, size_t width, gradus_sweep_kernel kernel, const void *context,
                  size_t threads, double sums[]) {
    double parts[PARTS][GRADUS_SWEEP_WIDTH];
    size_t length = part_length(n), count = n > 0 ? (n + length - 1) / length : 0;
    if (count == 1) { /* without sums there may be no array for them */
        for (size_t k = 0; k < width; k++)
            sums[k] = 0.0;
        kernel(context, 0, n, sums);
        return;
    }
#pragma omp parallel for num_threads(threads) if (threads > 1 && n >= LONG_ENOUGH)
    for (size_t i = 0; i < count; i++) {
        size_t first = i * length, end = n - first < length ? n : first + length;
        memset(parts[i], 0, width * sizeof *parts[i]);
        for (size_t begin = first; begin < end; begin += BLOCK)
            kernel(context, begin, block_length(end, begin), parts[i]);
    }
    for (size_t k = 0; k < width; k++) {
        sums[k] = 0.0;
        for (size_t i = 0; i < count; i++)
            sums[k] += parts[i][k];
    }
}

double gradus_block_dot(size_t count, const double x[], const double y[]) {
    return dot_block(count, x, y, 1.0);
}
