/* The kernel of tile.h for one vector length.  Included once for each by tile.c, with

     NAME(x)   the function's name
     TARGET    the function attribute that allows the instructions
     LANES     doubles in a vector
     ROWS      rows of C whose sums are in registers at a time
     VECTORS   vectors of columns there, at most 3
     MULTIPLY_ADD(a, b, c)
               a b + c, rounded once

   A's rows are copied ROWS at a time, B's columns VECTORS vectors at a time, each so that what
   a step of the sum needs lies together.  The copy of A is in the second cache, that of a panel
   of B about fills the first; where A has no more than ROWS rows, whole panels of a B that is
   not transposed are read where they stand.  An entry of C is the sum of sums of TERMS
   products, each in order and rounded once a product: the same for every vector length, and
   wherever a tile begins or ends.

   Goto and van de Geijn, Anatomy of high-performance matrix multiplication, ACM Trans. Math.
   Softw. 34(3), 2008; Van Zee and van de Geijn, BLIS, ACM Trans. Math. Softw. 41(3), 2015.  */

typedef double NAME(vector) __attribute__((vector_size(LANES * sizeof(double))));
typedef double NAME(unaligned)
    __attribute__((vector_size(LANES * sizeof(double)), aligned(8), may_alias));

#define VECTOR                NAME(vector)
#define LOAD(pointer)         (*(const NAME(unaligned) *)(const void *)(pointer))
#define STORE(pointer, value) (*(NAME(unaligned) *)(void *)(pointer) = (value))
#define COLUMNS               ((size_t)(VECTORS * LANES))

/* The sums of ROWS x V vectors, stored to C or added to it.  */
INLINE void NAME(sums)(const size_t V, size_t k, const double a[], const double b[],
                       size_t step, bool add, double C[], size_t stride) {
    VECTOR sum[ROWS][VECTORS];
    UNROLL
    for (size_t i = 0; i < ROWS; i++)
        UNROLL
    for (size_t v = 0; v < V; v++)
        sum[i][v] = (VECTOR){0.0};
    for (size_t p = 0; p < k; p++, a += ROWS, b += step) {
        VECTOR column[VECTORS];
        UNROLL
        for (size_t v = 0; v < V; v++)
            column[v] = LOAD(b + v * LANES);
        UNROLL
        for (size_t i = 0; i < ROWS; i++) {
            VECTOR factor = a[i] - (VECTOR){0.0};
            UNROLL
            for (size_t v = 0; v < V; v++)
                sum[i][v] = MULTIPLY_ADD(factor, column[v], sum[i][v]);
        }
    }
    UNROLL
    for (size_t i = 0; i < ROWS; i++)
        UNROLL
    for (size_t v = 0; v < V; v++) {
        double *to = C + i * stride + v * LANES;
        if (add)
            sum[i][v] += LOAD(to);
        STORE(to, sum[i][v]);
    }
}

/* M rows of the copy of A times a panel of N columns, whose terms are STEP apart.  */
TARGET static void NAME(panel)(size_t m, size_t n, size_t k, const double a[],
                               const double b[], size_t step, bool add, double C[],
                               size_t stride) {
    size_t V = (n + LANES - 1) / LANES;
    for (size_t i = 0; i < m; i += ROWS, a += ROWS * k) {
        double edge[ROWS * VECTORS * LANES], *corner = C + i * stride;
        bool whole = i + ROWS <= m && n == V * LANES, onto = add && whole;
        double *to = whole ? corner : edge;
        size_t to_stride = whole ? stride : COLUMNS;
        if (V == 1)
            NAME(sums)(1, k, a, b, step, onto, to, to_stride);
        else if (V == 2)
            NAME(sums)(2, k, a, b, step, onto, to, to_stride);
        else
            NAME(sums)(VECTORS, k, a, b, step, onto, to, to_stride);
        if (!whole)
            take_edge(smaller(ROWS, m - i), n, edge, COLUMNS, add, corner, stride);
    }
}

TARGET static void NAME(through)(size_t m, size_t n, size_t k, gradus_operand A,
                                 gradus_operand B, bool add, double C[], size_t stride,
                                 const copies_t *copies) {
    for (size_t p = 0, terms = 0; p == 0 || p < k; p += TERMS, add = true) {
        terms = smaller(TERMS, k - p);
        for (size_t i = 0; i < m; i += copies->height) {
            size_t height = smaller(copies->height, m - i);
            for (size_t r = 0; r < height; r += ROWS)
                copy(ROWS, smaller(ROWS, height - r), terms,
                     gradus_operand_from(A, i + r, p), A.transposed, copies->a + r * terms);
            for (size_t j = 0; j < n; j += COLUMNS) {
                gradus_operand right = gradus_operand_from(B, p, j);
                size_t width = smaller(COLUMNS, n - j), step = right.stride;
                const double *b = right.entries;
                if (m > ROWS || width < COLUMNS || B.transposed) {
                    step = (width + LANES - 1) / LANES * LANES;
                    copy(step, width, terms, right, !B.transposed, copies->b);
                    b = copies->b;
                }
                NAME(panel)
                (height, width, terms, copies->a, b, step, add, C + i * stride + j, stride);
            }
        }
    }
}

static void NAME(tile)(size_t m, size_t n, size_t k, gradus_operand A, gradus_operand B,
                       bool add, double C[], size_t stride) {
    tile_in_room(NAME(through), m, n, k, A, B, add, C, stride);
}

#undef COLUMNS
#undef STORE
#undef LOAD
#undef VECTOR
