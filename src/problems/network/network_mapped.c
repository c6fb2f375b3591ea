/* Gradients with maps (gradus_layer_map): what stands for a layer's inputs and signals, and the
   length of the plain gradient, which is never formed.  Of a layer whose examples are rows of d
   and H = [h 1],

     g'g = sum_ij (d_i'd_j) (H_i'H_j),     g'u = sum_ij (d_i'N d_j) (u + (h_i - c)'M (h_j - c)),

   products of Gram matrices over the examples of a batch, which are small where maps pay.  */

#include "linalg/product.h"
#include "linalg/vector.h"
#include "problems/network/network_pass.h"

enum { PANEL = 64 }; /* columns of a Gram matrix at a time */

/* Result = A M, count x width.  */
static void multiply(const gradus_pass *pass, size_t width, const double A[],
                     const double M[], size_t stride, double result[]) {
    gradus_tiling tiling = gradus_tile_product(pass->count, width);
#pragma omp parallel for num_threads(pass->threads)                                        \
    schedule(dynamic, 1) if (gradus_tiling_long(&tiling, width))
    for (size_t t = 0; t < tiling.count; t++) {
        gradus_patch p = gradus_tiling_patch(&tiling, t);
        gradus_tile(p.rows, p.columns, width,
                    (gradus_operand){A + p.row * width, width, false},
                    (gradus_operand){M + p.column, stride, false}, false,
                    result + p.row * width + p.column, width);
    }
}

/* The lower triangle, at least, of A B', which is symmetric.  */
static void gram(const gradus_pass *pass, size_t width, const double A[], const double B[],
                 double G[]) {
    size_t count = pass->count;
    gradus_tiling tiling = gradus_tile_product(count, count);
#pragma omp parallel for num_threads(pass->threads)                                        \
    schedule(dynamic, 1) if (gradus_tiling_long(&tiling, width))
    for (size_t j = 0; j < count; j += PANEL)
        gradus_tile(count - j, count - j < PANEL ? count - j : PANEL, width,
                    (gradus_operand){A + j * width, width, false},
                    (gradus_operand){B + j * width, width, true}, false, G + j * count + j,
                    count);
}

/* The sum over all entries of (first Gram matrix + SHIFT) times the second, entry by entry.  */
static double sum_of_products(const gradus_pass *pass, double shift) {
    size_t count = pass->count;
    double total = 0.0;
    for (size_t i = 0; i < count; i++) {
        const double *a = pass->grams[0] + i * count, *b = pass->grams[1] + i * count;
        double row = 0.0;
#pragma omp simd reduction(+ : row)
        for (size_t j = 0; j < i; j++)
            row += (a[j] + shift) * b[j];
        total += 2.0 * row + (a[i] + shift) * b[i];
    }
    return total;
}

static void map_inputs(gradus_pass *pass, size_t n, const gradus_layer_map *map,
                       const double h[]) {
#pragma omp parallel for num_threads(pass->threads)
    for (size_t i = 0; i < pass->count; i++)
        for (size_t j = 0; j < n; j++)
            pass->Rd[i * n + j] = h[i * n + j] - map->center[j];
    multiply(pass, n, pass->Rd, map->matrix, map->stride, pass->Rbelow);
    for (size_t i = 0; i < pass->count; i++)
        pass->shares[i] = map->unit - gradus_dot(n, pass->Rbelow + i * n, map->center, 1);
}

/* Rbelow holds the inputs' stand-in and Rd that of the signals, or before what was the inputs
   about their center; a gradient needs neither otherwise.  */
gradus_mapped gradus_pass_map(gradus_pass *pass, size_t l) {
    const gradus_layer *shape = &pass->net->layers[l].shape;
    gradus_mapping *mapping = pass->mapping;
    const gradus_layer_map *map = mapping ? &mapping->layers[l] : NULL;
    gradus_mapped mapped = {.d = pass->d, .h = pass->h[l]};
    if (!map || !map->matrix)
        return mapped;
    size_t n = shape->inputs, m = shape->outputs;
    bool biases = shape->biases != GRADUS_NO_BIASES;
    map_inputs(pass, n, map, pass->h[l]);
    if (mapping->wants_product)
        gram(pass, n, pass->Rd, pass->Rbelow, pass->grams[0]);
    if (map->signals)
        multiply(pass, m, pass->d, map->signals, m, pass->Rd);
    mapped = (gradus_mapped){
        .d = map->signals ? pass->Rd : pass->d, .h = pass->Rbelow, .shares = pass->shares};
    if (mapping->wants_product) {
        gram(pass, m, pass->d, mapped.d, pass->grams[1]);
        mapping->product += sum_of_products(pass, biases ? map->unit : 0.0);
    }
    if (mapping->wants_square) {
        gram(pass, n, pass->h[l], pass->h[l], pass->grams[0]);
        gram(pass, m, pass->d, pass->d, pass->grams[1]);
        mapping->square += sum_of_products(pass, biases ? 1.0 : 0.0);
    }
    return mapped;
}

void gradus_pass_end_mapping(const gradus_pass *pass, const double gradient[]) {
    gradus_mapping *mapping = pass->mapping;
    if (!mapping || !mapping->wants_square)
        return;
    size_t threads = pass->threads;
    for (size_t l = 0; l < pass->net->count; l++) {
        const gradus_network_layer *layer = &pass->net->layers[l];
        size_t m = layer->shape.outputs, weights = m * layer->shape.inputs;
        const double *gW = gradient + layer->shape.weights, *beside = gW + weights;
        bool plain = !mapping->layers[l].matrix;
        if (plain)
            mapping->square += gradus_dot(weights, gW, gW, threads);
        if (layer->normalised) /* gamma and beta */
            mapping->square += gradus_dot(2 * m, beside, beside, threads);
        else if (plain)
            mapping->square += gradus_dot(m, beside, beside, threads);
    }
    if (mapping->square < 0.0) /* by rounding, of a gradient that is next to nothing */
        mapping->square = 0.0;
}
