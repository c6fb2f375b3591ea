/* Tiles against sums in long double, for every kernel that this processor has: around every
   number of rows, columns and terms at which a kernel turns to another way, for operands as
   they stand or transposed, and nothing beside the tile read or written.  */

#include "linalg/tile.h"

#include "../support.h"

#include <float.h>
#include <pthread.h>
#include <sys/mman.h>

static const size_t sides[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 16, 17, 23, 24, 25, 49, 259};
static const size_t terms[] = {0, 1, 3, 4, 5, 255, 256, 257, 513};
enum {
    SIDES = sizeof sides / sizeof *sides,
    TERMS = sizeof terms / sizeof *terms,
    MOST = 259, /* of sides */
    BESIDE = 3, /* numbers between the rows of C's tile */
};

static _Thread_local bool no_memory;
static _Thread_local int refused;
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size) {
    refused += no_memory;
    return no_memory ? NULL : __real_aligned_alloc(alignment, size);
}

/* COUNT numbers that end where memory ends: to read beyond them is a fault.  There is one such
   place for A and one for B.  */
static double *before_the_end(int place, size_t count) {
    enum { SIZE = 1 << 22 };
    static char *ends[2];
    if (!ends[place]) {
        char *memory = mmap(NULL, 2 * SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        ck_assert(memory != MAP_FAILED);
        assert_ok(mprotect(memory, SIZE, PROT_READ | PROT_WRITE));
        ends[place] = memory + SIZE;
    }
    ck_assert_uint_le(count * sizeof(double), SIZE);
    return (double *)(void *)ends[place] - count;
}

/* Random numbers, with NaN between the rows.  */
static double *numbers(gradus_operand *operand, size_t rows, size_t columns,
                       bool transposed, uint64_t seed) {
    size_t m = transposed ? columns : rows, n = transposed ? rows : columns;
    size_t stride = n + 2, count = m > 0 ? (m - 1) * stride + n : 0;
    double *memory = before_the_end(seed % 2, count);
    for (size_t i = 0; i < count; i++)
        memory[i] = i % stride < n ? noise(seed << 32 | i) : NAN;
    *operand = (gradus_operand){memory, stride, transposed};
    return memory;
}

static double entry(gradus_operand X, size_t row, size_t column) {
    return X.transposed ? X.entries[column * X.stride + row]
                        : X.entries[row * X.stride + column];
}

/* A sum of k + 1 terms in any order is off by at most (k + 1) eps times the sum of their sizes
   (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1), and half an ulp
   for what it is compared to.  */
static void check_entry(double got, size_t k, gradus_operand A, gradus_operand B, size_t i,
                        size_t j, double before) {
    long double want = before, size = fabs(before);
    for (size_t p = 0; p < k; p++) {
        long double term = (long double)entry(A, i, p) * entry(B, p, j);
        want += term;
        size += fabsl(term);
    }
    double bound = ((double)k + 2.0) * DBL_EPSILON * (double)size;
    ck_assert_msg(fabsl(got - want) <= bound,
                  "entry %zu, %zu of %zu terms: %.17g, want %.17Lg", i, j, k, got, want);
}

/* What stood in C, added to or not: then it may be NaN.  */
static double before(size_t i, bool add) { return add ? noise(i) : NAN; }

static void check(const gradus_tile_level *level, size_t m, size_t n, size_t k, int form) {
    bool add = form & 4;
    gradus_operand A, B;
    numbers(&A, m, k, form & 1, 1), numbers(&B, k, n, form & 2, 2);
    size_t stride = n + BESIDE;
    double *C = malloc(m * stride * sizeof *C);
    for (size_t i = 0; i < m * stride; i++)
        C[i] = i % stride < n ? before(i, add) : 42.0;
    level->tile(m, n, k, A, B, add, C, stride);
    /* All entries of small tiles; of large ones those of some rows and columns.  */
    size_t some = m * n > 2000 ? 7 : 1;
    for (size_t i = 0; i < m; i++)
        for (size_t j = i % some; j < n; j += some)
            check_entry(C[i * stride + j], k, A, B, i, j,
                        add ? before(i * stride + j, add) : 0.0);
    for (size_t i = 0; i < m; i++)
        for (size_t j = n; j < stride; j++)
            ck_assert(C[i * stride + j] == 42.0);
    free(C);
}

START_TEST(sums) {
    const gradus_tile_level *level;
    for (size_t rank = 0; (level = gradus_tile_level_for(rank)); rank++)
        for (size_t a = 0; a < SIDES; a++)
            for (size_t b = 0; b < SIDES; b++) {
                size_t c = (a + b) % TERMS;
                for (int form = 0; form < 8; form++)
                    check(level, sides[a], sides[b], terms[c], form);
            }
}
END_TEST

START_TEST(terms_of_every_number) {
    const gradus_tile_level *level;
    for (size_t rank = 0; (level = gradus_tile_level_for(rank)); rank++)
        for (size_t c = 0; c < TERMS; c++)
            for (int form = 0; form < 8; form++) {
                check(level, 9, 25, terms[c], form);
                check(level, 7, 50, terms[c], form);
            }
}
END_TEST

/* The sum as tile_template.h has it: products in order, rounded once each, in pieces of 256.  */
static double fused_sum(size_t k, gradus_operand A, gradus_operand B, size_t i, size_t j,
                        bool add, double total) {
    for (size_t first = 0; first < k; first += 256) {
        double sum = 0.0;
        for (size_t p = first; p < k && p < first + 256; p++)
            sum = fma(entry(A, i, p), entry(B, p, j), sum);
        total = add || first > 0 ? total + sum : sum;
    }
    return total;
}

/* These bits come of every kernel but dgemm, which promises nothing; so they are the same
   however a product is cut.  */
static void check_bits(size_t m, size_t n, size_t k, int form) {
    bool add = form & 4;
    gradus_operand A, B;
    numbers(&A, m, k, form & 1, 3), numbers(&B, k, n, form & 2, 4);
    double *C = malloc(m * n * sizeof *C);
    for (size_t rank = 0; gradus_tile_level_for(rank + 1); rank++) {
        for (size_t i = 0; i < m * n; i++)
            C[i] = before(i, add);
        gradus_tile_level_for(rank)->tile(m, n, k, A, B, add, C, n);
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < n; j++)
                ck_assert(same_bits(C[i * n + j],
                                    fused_sum(k, A, B, i, j, add, before(i * n + j, add))));
    }
    free(C);
}

START_TEST(bits) {
    for (int form = 0; form < 8; form++) {
        check_bits(MOST, 51, 40, form);
        check_bits(33, 101, 600, form);
        check_bits(7, 75, 300, form);
    }
}
END_TEST

/* Without memory for the copies.  The thread is new, so that it has none.  */
static void *alone(void *form) {
    no_memory = true;
    check_bits(21, 51, 300, *(int *)form);
    ck_assert_msg(refused > 0 || !gradus_tile_level_for(1), "no memory was asked for");
    return NULL;
}

START_TEST(without_memory) {
    for (int form = 0; form < 8; form++) {
        pthread_t thread;
        assert_ok(pthread_create(&thread, NULL, alone, &form));
        assert_ok(pthread_join(thread, NULL));
    }
}
END_TEST

/* Nor does a thread need a large stack.  */
static void *small(void *form) {
    no_memory = false;
    check_bits(21, 51, 300, *(int *)form);
    return NULL;
}

START_TEST(small_stack) {
    int form = 0;
    pthread_t thread;
    pthread_attr_t little;
    assert_ok(pthread_attr_init(&little));
    assert_ok(pthread_attr_setstacksize(&little, 192 * 1024));
    assert_ok(pthread_create(&thread, &little, small, &form));
    assert_ok(pthread_join(thread, NULL));
    assert_ok(pthread_attr_destroy(&little));
}
END_TEST

/* What is not finite stays in its row and its column.  */
START_TEST(not_finite) {
    enum { N = 30, K = 6 };
    for (size_t rank = 0; gradus_tile_level_for(rank); rank++)
        for (size_t m = 3; m < 12; m += 8) { /* of 3 rows B is read where it stands */
            gradus_operand A, B;
            double *a = numbers(&A, m, K, true, 5), *b = numbers(&B, K, N, false, 6),
                   C[11 * N];
            a[2 * A.stride + 1] = INFINITY; /* row 1 of A */
            b[4 * B.stride + 20] = NAN;     /* column 20 of B */
            gradus_tile_level_for(rank)->tile(m, N, K, A, B, false, C, N);
            for (size_t i = 0; i < m; i++)
                for (size_t j = 0; j < N; j++)
                    ck_assert(isfinite(C[i * N + j]) == (i != 1 && j != 20));
        }
}
END_TEST

START_TEST(levels_are_known) {
    ck_assert(gradus_tile_level_for(0)->tile != NULL);
    size_t count = 0;
    while (gradus_tile_level_for(count))
        printf("%s\n", gradus_tile_level_for(count++)->name);
    ck_assert_str_eq(gradus_tile_level_for(count - 1)->name, "dgemm");
}
END_TEST

TEST_MAIN("tile", sums, terms_of_every_number, bits, without_memory, small_stack,
          not_finite, levels_are_known)
