/* The kernels of rows.h for one vector length and one kind of entry.  Included once for
   each pair by rows.c, with

     NAME(x)   the function's name
     TARGET    the function attribute that allows the instructions
     LANES     doubles in a vector
     ENTRY     unsigned char or double
     WIDEN(p)  the LANES entries at P as a vector of doubles
     FORWARD_ROWS, FORWARD_OUTPUTS, BACKWARD_OUTPUTS
               the widest tiles: rows by outputs, and two vectors of columns by outputs

   A tile of accumulators is an array whose loops have constant bounds, so that it lives in
   registers.  Sums run over the columns in vectors, then over a vector's lanes in order,
   then over the columns left.  */

typedef double NAME(vector) __attribute__((vector_size(LANES * sizeof(double))));
typedef double NAME(unaligned)
    __attribute__((vector_size(LANES * sizeof(double)), aligned(8), may_alias));

#define VECTOR                NAME(vector)
#define LOAD(pointer)         (*(const NAME(unaligned) *)(const void *)(pointer))
#define STORE(pointer, value) (*(NAME(unaligned) *)(void *)(pointer) = (value))

/* The sum of the lanes, by halves.  */
INLINE double NAME(sum_lanes)(VECTOR v) {
    UNROLL
    for (size_t half = LANES / 2; half > 0; half /= 2)
        UNROLL
    for (size_t lane = 0; lane < half; lane++)
        v[lane] += v[lane + half];
    return v[0];
}

/* Scores of R rows with the T outputs from FIRST on.  */
INLINE void NAME(forward_tile)(const size_t R, const size_t T, size_t columns, size_t k,
                               const void *const rows[], const double weights[],
                               double scores[]) {
    VECTOR sum[FORWARD_ROWS][FORWARD_OUTPUTS];
    size_t whole = columns - columns % LANES;
    UNROLL
    for (size_t i = 0; i < R; i++)
        UNROLL
    for (size_t t = 0; t < T; t++)
        sum[i][t] = (VECTOR){0.0};
    for (size_t j = 0; j < whole; j += LANES) {
        VECTOR x[FORWARD_ROWS];
        UNROLL
        for (size_t i = 0; i < R; i++)
            x[i] = WIDEN((const ENTRY *)rows[i] + j);
        UNROLL
        for (size_t t = 0; t < T; t++)
            UNROLL
        for (size_t i = 0; i < R; i++)
            sum[i][t] += x[i] * LOAD(weights + t * columns + j);
    }
    UNROLL
    for (size_t i = 0; i < R; i++)
        UNROLL
    for (size_t t = 0; t < T; t++) {
        double total = NAME(sum_lanes)(sum[i][t]);
        for (size_t j = whole; j < columns; j++)
            total += (double)((const ENTRY *)rows[i])[j] * weights[t * columns + j];
        scores[i * k + t] = total;
    }
}

/* Adds COUNT rows to the columns FIRST .. FIRST + V * LANES of T outputs.  */
INLINE void NAME(backward_tile)(const size_t V, const size_t T, size_t count,
                                size_t columns, size_t k, size_t first,
                                const void *const rows[], const double residuals[],
                                double sums[]) {
    VECTOR sum[2][BACKWARD_OUTPUTS];
    UNROLL
    for (size_t t = 0; t < T; t++)
        UNROLL
    for (size_t v = 0; v < V; v++)
        sum[v][t] = LOAD(sums + t * columns + first + v * LANES);
    for (size_t i = 0; i < count; i++) {
        VECTOR x[2];
        UNROLL
        for (size_t v = 0; v < V; v++)
            x[v] = WIDEN((const ENTRY *)rows[i] + first + v * LANES);
        UNROLL
        for (size_t t = 0; t < T; t++) {
            VECTOR residual = residuals[i * k + t] - (VECTOR){0.0};
            UNROLL
            for (size_t v = 0; v < V; v++)
                sum[v][t] += residual * x[v];
        }
    }
    UNROLL
    for (size_t t = 0; t < T; t++)
        UNROLL
    for (size_t v = 0; v < V; v++)
        STORE(sums + t * columns + first + v * LANES, sum[v][t]);
}

INLINE void NAME(forward_outputs)(const size_t T, size_t count, size_t columns, size_t k,
                                  const void *const rows[], const double weights[],
                                  double scores[]) {
    size_t i = 0;
    for (; i + FORWARD_ROWS <= count; i += FORWARD_ROWS)
        NAME(forward_tile)(FORWARD_ROWS, T, columns, k, rows + i, weights, scores + i * k);
    for (; i < count; i++)
        NAME(forward_tile)(1, T, columns, k, rows + i, weights, scores + i * k);
}

INLINE void NAME(backward_outputs)(const size_t T, size_t count, size_t columns, size_t k,
                                   const void *const rows[], const double residuals[],
                                   double sums[]) {
    size_t j = 0;
    for (; j + 2 * LANES <= columns; j += 2 * LANES)
        NAME(backward_tile)(2, T, count, columns, k, j, rows, residuals, sums);
    if (j + LANES <= columns) {
        NAME(backward_tile)(1, T, count, columns, k, j, rows, residuals, sums);
        j += LANES;
    }
    for (; j < columns; j++)
        for (size_t t = 0; t < T; t++)
            for (size_t i = 0; i < count; i++)
                sums[t * columns + j] +=
                    residuals[i * k + t] * (double)((const ENTRY *)rows[i])[j];
}

/* The outputs in tiles of the widest, then of two, then one.  */
TARGET static void NAME(forward)(size_t count, size_t columns, size_t k,
                                 const void *const rows[], const double weights[],
                                 double scores[]) {
    size_t t = 0;
    for (; t + FORWARD_OUTPUTS <= k; t += FORWARD_OUTPUTS)
        NAME(forward_outputs)
        (FORWARD_OUTPUTS, count, columns, k, rows, weights + t * columns, scores + t);
    for (; t + 2 <= k; t += 2)
        NAME(forward_outputs)
        (2, count, columns, k, rows, weights + t * columns, scores + t);
    if (t < k)
        NAME(forward_outputs)
        (1, count, columns, k, rows, weights + t * columns, scores + t);
}

TARGET static void NAME(backward)(size_t count, size_t columns, size_t k,
                                  const void *const rows[], const double residuals[],
                                  double sums[]) {
    size_t t = 0;
    for (; t + BACKWARD_OUTPUTS <= k; t += BACKWARD_OUTPUTS)
        NAME(backward_outputs)
        (BACKWARD_OUTPUTS, count, columns, k, rows, residuals + t, sums + t * columns);
    for (; t + 2 <= k; t += 2)
        NAME(backward_outputs)
        (2, count, columns, k, rows, residuals + t, sums + t * columns);
    if (t < k)
        NAME(backward_outputs)
        (1, count, columns, k, rows, residuals + t, sums + t * columns);
}

#undef VECTOR
#undef LOAD
#undef STORE
