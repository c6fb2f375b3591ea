/* Sums over long vectors: fixed blocks, each summed by one thread, and the block sums added
   in a fixed order.  Where a block begins depends on the length alone.  A vector of one block
   is done at once: beginning a parallel region costs more, even with one thread.  */

#include "linalg/vector.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

enum {
    BLOCK = 4096,       /* doubles: three vectors of this fit in a 96 KiB cache */
    PARTS = 64,         /* of a long vector */
    LONG_ENOUGH = 65536 /* below this, starting threads costs more than the sum */
};

typedef double (*block_sum)(size_t n, const double x[], const double y[]);

static size_t block_length(size_t n, size_t begin) {
    return n - begin < BLOCK ? n - begin : BLOCK;
}

/* The entries of one part: a whole number of blocks.  */
static size_t part_length(size_t n) {
    size_t blocks = (n + BLOCK - 1) / BLOCK;
    return (blocks + PARTS - 1) / PARTS * BLOCK;
}

static double sum_part(size_t n, const double x[], const double y[], block_sum sum) {
    double total = 0.0;
    for (size_t begin = 0; begin < n; begin += BLOCK)
        total += sum(block_length(n, begin), x + begin, y + begin);
    return total;
}

static double sum_blocks(size_t n, const double x[], const double y[], size_t threads,
                         block_sum sum) {
    if (n <= BLOCK)
        return sum(n, x, y);
    double parts[PARTS] = {0.0}, total = 0.0;
    size_t length = part_length(n);
#pragma omp parallel for num_threads(threads) if (threads > 1 && n >= LONG_ENOUGH)
    for (size_t i = 0; i < PARTS; i++) {
        size_t begin = i * length;
        if (begin < n)
            parts[i] = sum_part(n - begin < length ? n - begin : length, x + begin,
                                y + begin, sum);
    }
    for (size_t i = 0; i < PARTS; i++)
        total += parts[i];
    return total;
}

static double dot_block(size_t n, const double x[], const double y[]) {
    return cblas_ddot((int)n, x, 1, y, 1);
}

static double distance_block(size_t n, const double x[], const double y[]) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++)
        total += (x[i] - y[i]) * (x[i] - y[i]);
    return total;
}

double gradus_dot(size_t n, const double x[], const double y[], size_t threads) {
    return sum_blocks(n, x, y, threads, dot_block);
}

double gradus_norm(size_t n, const double x[], size_t threads) {
    return sqrt(gradus_dot(n, x, x, threads));
}

double gradus_distance(size_t n, const double x[], const double y[], size_t threads) {
    return sqrt(sum_blocks(n, x, y, threads, distance_block));
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
    return dot_block(count, x, y);
}
