/* Sums over blocks: the exact tree, for any number of threads and any durations.  */

#include "core/blocks.h"
#include "../support.h"

#include <omp.h>
#include <sched.h>

enum { WIDTH = 3, MOST_THREADS = 8 };

/* What blocks.h and design.md promise, written down a second time: a power of two from 64
   to 1024, the smallest one with at most 64 blocks where that is possible.  */
static size_t expected_block(size_t count) {
    size_t size = 64;
    while (size != 1024 && (count + size - 1) / size > 64)
        size *= 2;
    return size;
}

/* Magnitudes differ, so that another order of summation gives other bits.  */
static double term(size_t row, size_t column) {
    return noise(row * WIDTH + column) * ldexp(1.0, (int)(scrambled(row) % 40));
}

typedef struct {
    size_t block, calls;
    uint64_t seed; /* of the durations; 0: none */
    size_t stride; /* every so many blocks one stalls until nothing else is left; 0: none */
    size_t total;  /* blocks */
    size_t finished; /* blocks, stalled ones not counted */
    size_t stalled, stallers;
    size_t faults; /* blocks that were not what they should be */
} work_t;

/* Holds a block back until all other blocks are summed, while there are other threads to
   do so: the most unmerged sums that the tree can have to keep.  */
static void stall(work_t *work) {
    size_t mine, done;
#pragma omp atomic capture
    mine = work->stallers++;
    if (mine + 1 >= (size_t)omp_get_num_threads())
        return;
#pragma omp atomic
    work->stalled++;
    for (;;) {
        size_t stalled;
#pragma omp atomic read
        done = work->finished;
#pragma omp atomic read
        stalled = work->stalled;
        if (done + stalled >= work->total)
            break;
        sched_yield();
    }
}

static void spin(uint64_t seed, size_t first) {
    for (volatile uint64_t i = scrambled(seed + first) % 3000; i > 0; i--)
        ;
}

static void kernel(void *context, const gradus_batch *batch, size_t first, size_t count,
                   double sum[], void *scratch) {
    work_t *work = context;
    bool whole = first % work->block == 0 && first + count <= batch->count &&
                 (count == work->block || first + count == batch->count);
    bool zero = sum[0] == 0.0 && sum[1] == 0.0 && sum[2] == 0.0;
    int *own = scratch;
    *own = omp_get_thread_num();
    if (work->stride && first / work->block % work->stride == 0)
        stall(work);
    for (size_t i = first; i < first + count; i++)
        for (size_t j = 0; j < WIDTH; j++)
            sum[j] += term(gradus_batch_row(batch, i), j);
    if (work->seed)
        spin(work->seed, first);
    size_t bad = !whole || !zero || *own != omp_get_thread_num();
#pragma omp atomic
    work->faults += bad;
#pragma omp atomic
    work->calls++;
#pragma omp atomic
    work->finished++;
}

/* Node INDEX of LEVEL, by the definition.  */
static void reference(size_t level, size_t index, const gradus_batch *batch, size_t block,
                      double sum[WIDTH]) {
    memset(sum, 0, WIDTH * sizeof *sum);
    if (level == 0) {
        for (size_t i = index * block; i < (index + 1) * block && i < batch->count; i++)
            for (size_t j = 0; j < WIDTH; j++)
                sum[j] += term(gradus_batch_row(batch, i), j);
        return;
    }
    double right[WIDTH];
    reference(level - 1, 2 * index, batch, block, sum);
    if (((2 * index + 1) << (level - 1)) * block >= batch->count)
        return; /* the odd one moves up as it is */
    reference(level - 1, 2 * index + 1, batch, block, right);
    for (size_t j = 0; j < WIDTH; j++)
        sum[j] += right[j];
}

static void compare(gradus_blocks *blocks, const gradus_batch *batch, uint64_t seed,
                    size_t stride) {
    size_t block = expected_block(batch->count), level = 0;
    size_t total = (batch->count + block - 1) / block;
    double want[WIDTH];
    while ((block << level) < batch->count)
        level++;
    reference(level, 0, batch, block, want);
    work_t work = {.block = block, .seed = seed, .stride = stride, .total = total};
    const double *got = gradus_blocks_sum(blocks, batch, WIDTH, kernel, &work);
    ck_assert_uint_eq(work.faults, 0);
    ck_assert_uint_eq(work.calls, total);
    for (size_t j = 0; j < WIDTH; j++)
        ck_assert_msg(same_bits(got[j], want[j]), "%zu examples: %.17g, want %.17g",
                      batch->count, got[j], want[j]);
}

static const size_t counts[] = {1,    2,    63,    64,    65,    127,    128,
                                129,  1023, 1024,  1025,  4095,  4096,   4097,
                                8191, 8193, 65535, 65536, 65537, 100003, 131073};

START_TEST(equals_the_tree) {
    for (size_t threads = 1; threads <= MOST_THREADS; threads++)
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
            gradus_blocks *blocks;
            assert_ok(gradus_blocks_open(&blocks, counts[i], WIDTH, sizeof(int), threads));
            gradus_batch batch = {.count = counts[i]};
            compare(blocks, &batch, 0, 0);
            compare(blocks, &batch, 17 * threads + i + 1, 0); /* and used again */
            gradus_blocks_close(blocks);
        }
}
END_TEST

/* With the buffers cut to one too few somewhere, this is what notices.  */
START_TEST(stalled_blocks_do_not_exhaust_the_buffers) {
    static const size_t strides[] = {1, 2, 3, 5, 7, 11, 16, 31};
    for (size_t threads = 2; threads <= MOST_THREADS; threads++)
        for (size_t i = 0; i < sizeof strides / sizeof *strides; i++) {
            gradus_blocks *blocks;
            assert_ok(gradus_blocks_open(&blocks, 300007, WIDTH, sizeof(int), threads));
            compare(blocks, &(gradus_batch){.count = 300007}, 0, strides[i]);
            compare(blocks, &(gradus_batch){.count = 4001}, 0, strides[i]);
            gradus_blocks_close(blocks);
        }
}
END_TEST

/* One opening serves every smaller batch: the most blocks are not at the largest size.  */
START_TEST(smaller_batches_fit) {
    gradus_blocks *blocks;
    assert_ok(gradus_blocks_open(&blocks, 20000, WIDTH, sizeof(int), 2));
    for (size_t count = 1; count <= 20000; count += 1 + count / 7)
        compare(blocks, &(gradus_batch){.count = count}, 0, 0);
    compare(blocks, &(gradus_batch){.count = 4096}, 0, 3); /* 64 blocks */
    gradus_blocks_close(blocks);
}
END_TEST

START_TEST(rows_select_examples) {
    enum { COUNT = 777 };
    size_t rows[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        rows[i] = scrambled(i) % 100000;
    gradus_blocks *blocks;
    assert_ok(gradus_blocks_open(&blocks, COUNT, WIDTH, sizeof(int), 3));
    compare(blocks, &(gradus_batch){.count = COUNT, .rows = rows}, 5, 0);
    gradus_blocks_close(blocks);
}
END_TEST

TEST_MAIN("blocks", equals_the_tree, stalled_blocks_do_not_exhaust_the_buffers,
          smaller_batches_fit, rows_select_examples)
