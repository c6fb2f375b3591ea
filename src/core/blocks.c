/* The fixed summation tree.  */

#include "core/blocks.h"

#include "base/memory.h"

#include <omp.h>
#include <string.h>

enum {
    SMALLEST = 64,  /* examples of a block: enough for the kernels to run at speed */
    LARGEST = 1024, /* and few enough blocks that adding up their sums costs little */
    PIECES = 64     /* blocks of a batch, when the size is between the two */
};

struct gradus_blocks {
    size_t threads, stride; /* STRIDE: doubles between buffers */
    size_t buffers;
    double *memory;  /* buffers x stride */
    double **unused; /* stack of buffers */
    size_t unused_count;
    double *
        *waiting;  /* per node of the tree, level after level: a sum without its sibling */
    char *scratch; /* threads x scratch_size */
    size_t scratch_size;
};

/* Examples of a block: a power of two that depends on the batch's size alone.  */
static size_t block_size(size_t count) {
    size_t size = SMALLEST;
    while (size < LARGEST && size * PIECES < count)
        size *= 2;
    return size;
}

static size_t count_blocks(size_t count) {
    size_t size = block_size(count);
    return (count + size - 1) / size;
}

/* The most blocks any batch of up to EXAMPLES has: a batch of size * PIECES examples has
   PIECES of them, and more come only with the largest size.  */
static size_t most_blocks(size_t examples) {
    size_t blocks = count_blocks(examples);
    return blocks > PIECES ? blocks : PIECES;
}

static size_t levels(size_t blocks) {
    size_t count = 1;
    for (; blocks > 1; blocks = (blocks + 1) / 2)
        count++;
    return count;
}

gradus_err gradus_blocks_open(gradus_blocks **out, size_t examples, size_t width,
                              size_t scratch, size_t threads) {
    gradus_blocks *blocks = *out = GRADUS_NEW(1, gradus_blocks);
    if (!blocks)
        return GRADUS_ENOMEM;
    size_t most = most_blocks(examples);
    /* Blocks are handed out in order, so between two in work the finished ones have merged
       into at most two sums a level, and before the first into one a level.  A thread holds
       its own sum and one that it adds.  No block ever has more than one.  */
    size_t needed = (2 * threads - 1) * levels(most) + 2 * threads;
    *blocks = (gradus_blocks){.threads = threads,
                              .stride = (width + 7) / 8 * 8,
                              .buffers = needed < most ? needed : most,
                              .scratch_size = (scratch + 63) / 64 * 64};
    blocks->memory = GRADUS_NEW(blocks->buffers * blocks->stride, double);
    blocks->unused = GRADUS_NEW(blocks->buffers, double *);
    blocks->waiting = GRADUS_NEW(2 * most + levels(most), double *);
    blocks->scratch = GRADUS_NEW(threads * blocks->scratch_size, char);
    if (blocks->memory && blocks->unused && blocks->waiting && blocks->scratch)
        return GRADUS_OK;
    gradus_blocks_close(blocks);
    *out = NULL;
    return GRADUS_ENOMEM;
}

void gradus_blocks_close(gradus_blocks *blocks) {
    if (!blocks)
        return;
    gradus_free(blocks->memory);
    gradus_free(blocks->unused);
    gradus_free(blocks->waiting);
    gradus_free(blocks->scratch);
    gradus_free(blocks);
}

static double *take_buffer(gradus_blocks *blocks) {
    double *buffer;
#pragma omp critical(gradus_blocks_tree)
    buffer = blocks->unused[--blocks->unused_count];
    return buffer;
}

/* Puts SUM at a node and returns NULL, or takes the sibling's sum that waits there.  */
static double *meet(gradus_blocks *blocks, size_t parent, double *sum) {
    double *sibling;
#pragma omp critical(gradus_blocks_tree)
    {
        sibling = blocks->waiting[parent];
        blocks->waiting[parent] = sibling ? NULL : sum;
    }
    return sibling;
}

static void release(gradus_blocks *blocks, double *buffer) {
#pragma omp critical(gradus_blocks_tree)
    blocks->unused[blocks->unused_count++] = buffer;
}

/* Carries a block's sum up the tree as far as its siblings are done.  Addition of two
   numbers commutes, so it does not matter who adds.  Returns the root's sum or NULL.  */
static double *climb(gradus_blocks *blocks, size_t index, size_t count, size_t width,
                     double *sum) {
    size_t base = 0; /* of this level's parents in `waiting` */
    for (; count > 1; index /= 2, base += count = (count + 1) / 2) {
        if (index == count - 1 && count % 2 == 1)
            continue; /* the odd one has no sibling and moves up as it is */
        double *sibling = meet(blocks, base + index / 2, sum);
        if (!sibling)
            return NULL;
        for (size_t i = 0; i < width; i++)
            sum[i] += sibling[i];
        release(blocks, sibling);
    }
    return sum;
}

/* The sum of a batch that is one block, without the cost of beginning a parallel region.  */
static const double *sum_one(gradus_blocks *blocks, const gradus_batch *batch, size_t width,
                             gradus_block_kernel kernel, void *context) {
    double *sum = blocks->memory;
    memset(sum, 0, width * sizeof *sum);
    kernel(context, batch, 0, batch->count, sum, blocks->scratch);
    return sum;
}

const double *gradus_blocks_sum(gradus_blocks *blocks, const gradus_batch *batch,
                                size_t width, gradus_block_kernel kernel, void *context) {
    size_t size = block_size(batch->count), count = count_blocks(batch->count);
    double *root = NULL;
    if (count == 1)
        return sum_one(blocks, batch, width, kernel, context);
    blocks->unused_count = blocks->buffers;
    for (size_t i = 0; i < blocks->buffers; i++)
        blocks->unused[i] = blocks->memory + i * blocks->stride;
#pragma omp parallel for num_threads(blocks->threads) schedule(monotonic : dynamic)
    for (size_t block = 0; block < count; block++) {
        size_t first = block * size, left = batch->count - first;
        double *sum = take_buffer(blocks);
        memset(sum, 0, width * sizeof *sum);
        kernel(context, batch, first, left < size ? left : size, sum,
               blocks->scratch + (size_t)omp_get_thread_num() * blocks->scratch_size);
        sum = climb(blocks, block, count, width, sum);
        if (sum)
            root = sum; /* exactly one block gets there */
    }
    return root;
}
