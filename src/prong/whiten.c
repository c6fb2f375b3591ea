/* Statistics and coordinates of one layer.  With B = E', an eigenvector a row, every map is
   a product by B' or B and a division or multiplication of columns by sqrt(s): nothing is
   ever solved or inverted.  */

#include "prong/whiten.h"

#include "linalg/cholesky.h"
#include "linalg/eigen.h"
#include "linalg/product.h"
#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* ---- Statistics ---- */

static size_t matrix_size(const gradus_moments *m) {
    return m->diagonal ? m->inputs : m->inputs * m->inputs;
}

static void begin(gradus_moments *m, size_t count, const double inputs[]) {
    size_t n = m->inputs;
    memset(m->mean, 0, n * sizeof *m->mean);
    memset(m->deviation, 0, n * sizeof *m->deviation);
    memset(m->matrix, 0, matrix_size(m) * sizeof *m->matrix);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < n; j++)
            m->mean[j] += inputs[i * n + j];
    for (size_t j = 0; j < n; j++)
        m->mean[j] /= (double)count;
}

void gradus_moments_add(gradus_moments *m, size_t count, double inputs[], size_t threads) {
    size_t n = m->inputs;
    if (m->count == 0)
        begin(m, count, inputs);
    m->count += count;
    m->inverted = m->singular = false;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < n; j++) {
            inputs[i * n + j] -= m->mean[j];
            m->deviation[j] += inputs[i * n + j];
        }
    if (!m->diagonal)
        gradus_add_gram(n, count, inputs, m->matrix, threads);
    else
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < n; j++)
                m->matrix[j] += inputs[i * n + j] * inputs[i * n + j];
}

/* E[h h'] is Cov(h) + E[h] E[h]'; about a provisional mean p, Cov(h) is
   E[(h-p) (h-p)'] - E[h-p] E[h-p]'.  */
void gradus_moments_finish(gradus_moments *m, bool centred) {
    size_t n = m->inputs;
    double count = (double)m->count;
    for (size_t j = 0; j < n; j++) {
        m->deviation[j] /= count;
        m->mean[j] += m->deviation[j];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = m->diagonal ? i : 0; j <= i; j++) {
            double *entry = &m->matrix[m->diagonal ? i : i * n + j];
            *entry = *entry / count - m->deviation[i] * m->deviation[j];
            if (!centred)
                *entry += m->mean[i] * m->mean[j];
        }
    if (!centred)
        memset(m->mean, 0, n * sizeof *m->mean);
}

static bool copy_diagonal(const gradus_moments *m) {
    for (size_t j = 0; j < m->inputs; j++) {
        if (!isfinite(m->matrix[j]))
            return false;
        m->scale[j] = m->matrix[j];
    }
    return true;
}

/* Rounding moves eigenvalues by about so much of the largest.  */
static double rounding(size_t n, const double s[]) {
    double largest = 0.0;
    for (size_t j = 0; j < n; j++)
        largest = fmax(largest, s[j]);
    return (double)n * DBL_EPSILON * largest;
}

/* A covariance has no negative eigenvalues but by rounding; what is 0 but for that has no
   inverse root.  An epsilon that is lost in rounding leaves eigenvalues that are nothing else,
   whose roots would magnify it; entries of a diagonal are known one by one.  */
bool gradus_moments_decompose(gradus_moments *m, double epsilon, void *workspace) {
    bool ok = m->diagonal ? copy_diagonal(m)
                          : gradus_eigen(m->inputs, m->matrix, m->scale, workspace) ==
                                GRADUS_EIGEN_OK;
    double least = ok ? rounding(m->inputs, m->scale) : 0.0;
    double floor = m->diagonal ? 0.0 : least;
    for (size_t j = 0; ok && j < m->inputs; j++) {
        m->singular = m->singular || (epsilon == 0.0 && !(m->scale[j] > least));
        m->scale[j] = sqrt(fmax(fmax(m->scale[j], 0.0) + epsilon, floor));
    }
    return ok && !m->singular;
}

/* The upper triangle and SCALE keep what Cholesky's factor writes over.  */
bool gradus_moments_invert(gradus_moments *m, double epsilon, void *workspace) {
    size_t n = m->inputs;
    if (m->diagonal)
        return gradus_moments_decompose(m, epsilon, workspace);
    gradus_mirror(n, m->matrix);
    for (size_t i = 0; i < n; i++) {
        m->scale[i] = m->matrix[i * n + i];
        m->matrix[i * n + i] += epsilon;
    }
    m->inverted = gradus_cholesky_invert(n, m->matrix) == GRADUS_FACTOR_OK;
    if (m->inverted)
        return true;
    for (size_t i = 0; i < n; i++) {
        m->matrix[i * n + i] = m->scale[i];
        for (size_t j = 0; j < i; j++)
            m->matrix[i * n + j] = m->matrix[j * n + i];
    }
    return gradus_moments_decompose(m, epsilon, workspace);
}

/* ---- Coordinates ---- */

void gradus_whitening_set(gradus_whitening *w, gradus_moments *m, size_t threads) {
    size_t n = w->inputs;
    memcpy(w->center, m->mean, n * sizeof *w->center);
    if (m->inverted) {
        memcpy(w->inverse, m->matrix, n * n * sizeof *w->inverse);
        return;
    }
    memcpy(w->scale, m->scale, n * sizeof *w->scale);
    if (w->diagonal)
        return;
    if (w->basis)
        memcpy(w->basis, m->matrix, n * n * sizeof *w->basis);
    double *sum = w->inverse ? w->inverse : w->map;
    if (!sum)
        return;
    for (size_t i = 0; i < n; i++) { /* U'U = E diag(s)^-1 E', or U = E diag(s)^-1/2 E' */
        double root = w->inverse ? w->scale[i] : sqrt(w->scale[i]);
        for (size_t j = 0; j < n; j++)
            m->matrix[i * n + j] /= root;
    }
    memset(sum, 0, n * n * sizeof *sum);
    gradus_add_gram(n, n, m->matrix, sum, threads);
    gradus_mirror(n, sum);
}

/* b += sign W c.  */
static void add_shift(const gradus_whitening *w, size_t outputs, double sign,
                      const double W[], double b[], size_t threads) {
    for (size_t i = 0; b && i < outputs; i++)
        b[i] += sign * gradus_dot(w->inputs, W + i * w->inputs, w->center, threads);
}

/* gW - gb c'.  */
static void center(const gradus_whitening *w, size_t outputs, double gW[],
                   const double gb[], size_t threads) {
    for (size_t i = 0; gb && i < outputs; i++)
        gradus_add(w->inputs, -gb[i], w->center, gW + i * w->inputs, threads);
}

static void multiply_columns(const gradus_whitening *w, size_t outputs, double M[]) {
    for (size_t i = 0; i < outputs; i++)
        for (size_t j = 0; j < w->inputs; j++)
            M[i * w->inputs + j] *= w->scale[j];
}

static void divide_columns(const gradus_whitening *w, size_t outputs, double M[]) {
    for (size_t i = 0; i < outputs; i++)
        for (size_t j = 0; j < w->inputs; j++)
            M[i * w->inputs + j] /= w->scale[j];
}

/* M <- M E, the coordinates along the eigenvectors.  */
static void rotate(const gradus_whitening *w, size_t outputs, double M[], double scratch[],
                   size_t threads) {
    size_t n = w->inputs;
    if (w->diagonal)
        return;
    gradus_product_transposed(outputs, n, n, M, w->basis, scratch, threads);
    memcpy(M, scratch, outputs * n * sizeof *M);
}

/* M <- M E'.  */
static void rotate_back(const gradus_whitening *w, size_t outputs, double M[],
                        double scratch[], size_t threads) {
    size_t n = w->inputs;
    if (w->diagonal)
        return;
    gradus_product(outputs, n, n, M, w->basis, scratch, threads);
    memcpy(M, scratch, outputs * n * sizeof *M);
}

void gradus_whiten(const gradus_whitening *w, size_t outputs, double W[], double b[],
                   double scratch[], size_t threads) {
    add_shift(w, outputs, 1.0, W, b, threads);
    rotate(w, outputs, W, scratch, threads);
    multiply_columns(w, outputs, W);
    if (!w->pca)
        rotate_back(w, outputs, W, scratch, threads);
}

/* M <- M U', and, of the zca form, M U.  */
static void multiply_by_root(const gradus_whitening *w, size_t outputs, double M[],
                             double scratch[], size_t threads) {
    size_t n = w->inputs;
    if (w->map) {
        gradus_product(outputs, n, n, M, w->map, scratch, threads);
        memcpy(M, scratch, outputs * n * sizeof *M);
        return;
    }
    rotate(w, outputs, M, scratch, threads);
    divide_columns(w, outputs, M);
    if (!w->pca)
        rotate_back(w, outputs, M, scratch, threads);
}

void gradus_unwhiten(const gradus_whitening *w, size_t outputs, double V[], double d[],
                     double scratch[], size_t threads) {
    if (w->pca) {
        divide_columns(w, outputs, V);
        rotate_back(w, outputs, V, scratch, threads);
    } else
        multiply_by_root(w, outputs, V, scratch, threads);
    add_shift(w, outputs, -1.0, V, d, threads);
}

void gradus_whiten_gradient(const gradus_whitening *w, size_t outputs, double gW[],
                            const double gb[], double scratch[], size_t threads) {
    center(w, outputs, gW, gb, threads);
    multiply_by_root(w, outputs, gW, scratch, threads);
}

void gradus_precondition(const gradus_whitening *w, size_t outputs, double gW[],
                         double gb[], double scratch[], size_t threads) {
    size_t n = w->inputs;
    center(w, outputs, gW, gb, threads);
    if (w->diagonal) {
        divide_columns(w, outputs, gW);
        divide_columns(w, outputs, gW);
    } else {
        gradus_product(outputs, n, n, gW, w->inverse, scratch, threads);
        memcpy(gW, scratch, outputs * n * sizeof *gW);
    }
    add_shift(w, outputs, -1.0, gW, gb, threads);
}
