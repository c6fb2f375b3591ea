/* Products of the bound BLAS against sums in long double.  A sum of k products, in whatever
   order, is off by at most gamma(k) times the sum of their sizes (Higham, Accuracy and
   Stability of Numerical Algorithms, 2nd edition, 2002, section 3.1); one more rounding adds
   to what is there.  Results stand in memory that held NaN, which must not come through, and
   beside numbers that must stay.  */

#include "harness/measure/blas_parts.h"

#include <math.h>

static const double KEPT = 42.0; /* beside the results */

typedef struct {
    long double value, size;
} sum_t;

static double entry(gradus_operand X, size_t i, size_t j) {
    return X.transposed ? X.entries[j * X.stride + i] : X.entries[i * X.stride + j];
}

static sum_t sum_of(size_t k, gradus_operand A, gradus_operand B, size_t i, size_t j) {
    sum_t sum = {0.0L, 0.0L};
    for (size_t p = 0; p < k; p++) {
        long double term = (long double)entry(A, i, p) * entry(B, p, j);
        sum.value += term;
        sum.size += fabsl(term);
    }
    return sum;
}

/* Every entry of a small product, and of a large one some of every row and column.  */
static void compare(gradus_blas_examination *e, const gradus_blas_place *at,
                    gradus_operand A, gradus_operand B, bool add) {
    size_t stride = at->n + 3, step = at->m * at->n > 5000 ? 13 : 1;
    double worst = 0.0, beside = 0.0;
    for (size_t i = 0; i < at->m; i++) {
        const double *C = e->matrix[0] + i * stride;
        for (size_t j = i % step; j < at->n; j += step) {
            sum_t sum = sum_of(at->k, A, B, i, j);
            double before = add ? e->pool[i + j] : 0.0;
            double bound = gradus_gamma(at->k + 1) * ((double)sum.size + fabs(before));
            double off = (double)fabsl(C[j] - sum.value - before) / bound;
            worst = off <= worst ? worst : off; /* NaN is worse */
        }
        for (size_t j = at->n; j < stride; j++)
            if (C[j] != KEPT)
                beside = NAN;
    }
    gradus_blas_note(e, at, worst + beside, 1.0);
}

/* FORM: bit 0 A is transposed, bit 1 B is, bit 2 the product is added.  */
static void product(gradus_blas_examination *e, size_t m, size_t n, size_t k, int form) {
    static const char *const formats[] = {
        "A B, %zu x %zu, %zu terms",      "A'B, %zu x %zu, %zu terms",
        "A B', %zu x %zu, %zu terms",     "A'B', %zu x %zu, %zu terms",
        "C + A B, %zu x %zu, %zu terms",  "C + A'B, %zu x %zu, %zu terms",
        "C + A B', %zu x %zu, %zu terms", "C + A'B', %zu x %zu, %zu terms"};
    bool add = form & 4;
    size_t stride = n + 3;
    gradus_operand A = {e->pool, (form & 1 ? m : k) + 2, form & 1};
    gradus_operand B = {e->pool + 5, (form & 2 ? k : n) + 1, (form & 2) != 0};
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < stride; j++)
            e->matrix[0][i * stride + j] = j >= n ? KEPT : add ? e->pool[i + j] : NAN;
    e->callers->product(m, n, k, A, B, add, e->matrix[0], stride);
    gradus_blas_place at = {GRADUS_BLAS_DGEMM, formats[form], m, n, k};
    compare(e, &at, A, B, add);
}

/* All pairs of sides up to 129 with numbers of terms in turn, all forms; then large ones.  */
static void products(gradus_blas_examination *e) {
    static const size_t terms[] = {1, 2, 3, 4, 5, 8, 9, 16, 17, 33, 64};
    static const size_t large[][3] = {{130, 67, 100}, {67, 130, 129},  {600, 7, 300},
                                      {7, 600, 513},  {257, 385, 600}, {600, 513, 3}};
    size_t count = sizeof terms / sizeof *terms, most = e->quick ? 33 : 129, turn = 0;
    for (size_t a = 0; gradus_blas_side(e, a) && gradus_blas_side(e, a) <= most; a++)
        for (size_t b = 0; gradus_blas_side(e, b) && gradus_blas_side(e, b) <= most; b++) {
            size_t k = terms[turn++ % count];
            for (int form = 0; form < 8; form++)
                product(e, gradus_blas_side(e, a), gradus_blas_side(e, b), k, form);
        }
    for (size_t i = 0; i < (e->quick ? 2 : sizeof large / sizeof *large); i++)
        for (int form = 0; form < 8; form += e->quick ? 3 : 1)
            product(e, large[i][0], large[i][1], large[i][2], form);
}

static void dots(gradus_blas_examination *e, size_t n) {
    gradus_operand x = {e->pool, n, false}, y = {e->pool + 3, 1, false};
    sum_t sum = sum_of(n, x, y, 0, 0);
    double got = e->callers->dot(n, x.entries, y.entries);
    gradus_blas_place at = {GRADUS_BLAS_DDOT, "length %zu", n, 0, 0};
    gradus_blas_note(e, &at, (double)fabsl(got - sum.value),
                     gradus_gamma(n) * (double)sum.size);
}

/* The lower triangle of S counts; above it stands NaN.  */
static void lower(gradus_blas_examination *e, size_t n, double S[]) {
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            S[i * n + j] = j > i ? NAN : e->pool[i * n + j];
}

static void symmetric_product(gradus_blas_examination *e, size_t n) {
    double *S = e->matrix[0], *out = e->vector[0];
    const double *v = e->pool + 1;
    double worst = 0.0;
    lower(e, n, S);
    for (size_t i = 0; i < n; i++)
        out[i] = NAN;
    e->callers->symmetric_product(n, S, v, out);
    for (size_t i = 0; i < n; i++) {
        sum_t sum = {0.0L, 0.0L};
        for (size_t j = 0; j < n; j++) {
            long double term = (long double)(j > i ? S[j * n + i] : S[i * n + j]) * v[j];
            sum.value += term;
            sum.size += fabsl(term);
        }
        double bound = gradus_gamma(n + 1) * (double)sum.size;
        double off = (double)fabsl(out[i] - sum.value) / bound;
        worst = off <= worst ? worst : off;
    }
    gradus_blas_place at = {GRADUS_BLAS_DSYMV, "order %zu", n, 0, 0};
    gradus_blas_note(e, &at, worst, 1.0);
}

static void symmetric_update(gradus_blas_examination *e, size_t n) {
    double *S = e->matrix[0];
    const double *a = e->pool + 1, *b = e->pool + 2;
    double worst = 0.0;
    lower(e, n, S);
    e->callers->symmetric_update(n, a, b, S);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double was = e->pool[i * n + j];
            long double one = (long double)a[i] * b[j], two = (long double)b[i] * a[j];
            double size = (double)(fabsl(one) + fabsl(two)) + fabs(was);
            double off =
                (double)fabsl(S[i * n + j] - was - one - two) / (gradus_gamma(3) * size);
            if (j > i)
                off = isnan(S[i * n + j]) ? 0.0 : INFINITY;
            worst = off <= worst ? worst : off;
        }
    gradus_blas_place at = {GRADUS_BLAS_DSYR2, "order %zu", n, 0, 0};
    gradus_blas_note(e, &at, worst, 1.0);
}

void gradus_blas_examine_products(gradus_blas_examination *e) {
    size_t n;
    products(e);
    for (n = 1; n <= (e->quick ? 70 : 300); n++)
        dots(e, n);
    dots(e, e->quick ? 1000 : 4095);
    dots(e, 4096);
    for (size_t i = 0; (n = gradus_blas_side(e, i)) > 0; i++) {
        symmetric_product(e, n);
        symmetric_update(e, n);
    }
}
