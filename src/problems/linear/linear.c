/* Linear models: evaluation in blocks of examples, in pieces that stay in cache.

   A block of dense rows adds up a gradient of its own.  Compressed rows are too few entries
   for as many columns: there the blocks add up what is per output, and the sums over
   examples run in the order of the batch, in the same pass with one thread, afterwards and
   divided by columns with more; the bits are the same.  */

#include "problems/linear/linear.h"

#include "base/memory.h"
#include "base/memory_limit.h"
#include "core/blocks.h"
#include "core/settings.h"
#include "data/examples.h"
#include "linalg/vector.h"
#include "problems/linear/linear_diagonal.h"
#include "problems/linear/linear_parts.h"
#include "problems/linear/linear_ray.h"

#include <math.h>
#include <string.h>

const gradus_param gradus_linear_params[] = {
    {GRADUS_FIELD(gradus_linear_values, data), .text = "fashion-mnist",
     .help = "Training data: a name that `gradus list data` shows, or a file."},
    {GRADUS_FIELD(gradus_linear_values, test), .unset = "auto",
     .help = "Test data: a file; `auto` is the data set's own, where it has one."},
    {GRADUS_FIELD(gradus_linear_values, validation), .unset = "none",
     .help =
         "Validation data: a file, or the fraction of the training examples to hold out."},
    {GRADUS_FIELD(gradus_linear_values, l2), .initial = 0, .minimum = 0,
     .maximum = INFINITY, .flags = GRADUS_LOG,
     .help = "Weight of the regulariser, half the squared norm."},
    {GRADUS_FIELD(gradus_linear_values, bias), .initial = 1, .choices = "no|yes",
     .help = "Whether there is a bias for every output."},
    {GRADUS_FIELD(gradus_linear_values, regularize_bias), .initial = 0, .choices = "no|yes",
     .help = "Whether the regulariser counts the biases too."},
    {GRADUS_FIELD(gradus_linear_values, features), .minimum = 1, .maximum = 1e9,
     .unset = "auto",
     .help = "Number of features, when a file's largest index is smaller."},
    {GRADUS_FIELD(gradus_linear_values, scaling), .initial = 0,
     .choices = "none|standard|max",
     .help = "Of every feature over the training data: `standard` to mean 0 and standard "
             "deviation 1, `max` to a largest absolute value of 1."},
    {GRADUS_FIELD(gradus_linear_values, storage), .initial = GRADUS_STORE_AUTO,
     .choices = "dense|auto|sparse",
     .help =
         "Of text, random and words: `sparse` keeps what is listed, `auto` does so when "
         "it is at most one entry in four; test and validation data follow."},
    {0}};

/* The scores at the last point evaluated: one forward pass serves value, gradient, all
   products of a Newton step and the search that follows.  */
typedef struct {
    double *scores; /* training examples x outputs */
    double *p;      /* the same: their probabilities, or their changes along a ray */
    bool responded; /* the former */
    double *x;      /* dimension: where the scores were taken */
    size_t *rows;   /* and over which examples */
    size_t count;   /* 0: nowhere yet */
    bool all;       /* rows 0 .. count-1 */
} responses_t;

typedef struct gradus_linear_body {
    const gradus_link *link;
    double l2;
    bool bias, regularize_bias;
    gradus_examples examples;
    size_t outputs, features, weights, dimension; /* WEIGHTS = outputs x features */
    size_t block_weights; /* that a block adds up: all of them or, when sparse, none */
    size_t threads;
    gradus_blocks *blocks;
    double *folded;  /* weights with the scaling folded in, laid out for the kernels; with
                           `outputs` more, the sums of the diagonal */
    double *offsets; /* outputs: biases likewise */
    double *unit;    /* dimension, zero between calls: unit vectors for the Hessian */
    double *sums;    /* sparse: weights */
    gradus_parts parts; /* sparse, several threads */
    responses_t responses;
    gradus_linear_ray ray; /* the last */
} body_t;

/* What the kernels of one evaluation see.  */
typedef struct {
    const body_t *body;
    const gradus_view *view;
    double *scores;  /* to fill, or NULL */
    const double *p; /* responses to use, or NULL */
    bool gradient;
} job_t;

/* A thread's own.  */
typedef struct {
    const void *rows[GRADUS_PIECE];
    double scores[]; /* GRADUS_PIECE x outputs */
} scratch_t;

/* ---- Open and close ---- */

static size_t most(size_t a, size_t b) { return a > b ? a : b; }

static bool is_sparse(const body_t *b) { return b->examples.training.kernels->sparse; }

static gradus_err allocate_sums(body_t *b) {
    size_t largest = most(b->examples.training.count,
                          most(b->examples.test.count, b->examples.validation.count));
    if (is_sparse(b)) {
        b->sums = GRADUS_NEW(b->weights, double);
        if (!b->sums ||
            (b->threads > 1 &&
             gradus_parts_open(&b->parts, &b->examples.training, b->outputs, b->threads)))
            return GRADUS_ENOMEM;
    }
    b->block_weights = is_sparse(b) ? 0 : b->weights;
    size_t row = is_sparse(b) ? 0 : b->outputs + b->features; /* for the diagonal */
    return gradus_blocks_open(
        &b->blocks, largest, b->block_weights + most(b->outputs + 1, 2),
        sizeof(scratch_t) + most(GRADUS_PIECE * b->outputs, row) * sizeof(double),
        b->threads);
}

/* Bytes that `allocate` takes, but for what the blocks add up, and a point and a gradient,
   without which the problem is of no use.  */
static double bytes_needed(const body_t *b) {
    double vectors = is_sparse(b) ? 4 : 3, examples = (double)b->examples.training.count;
    return sizeof(double) * ((vectors + 2) * (double)b->dimension +
                             (2 * (double)b->outputs + 1) * examples);
}

static gradus_err allocate(body_t *b) {
    size_t examples = b->examples.training.count;
    b->features = b->examples.training.columns;
    b->weights = b->outputs * b->features;
    b->dimension = b->weights + (b->bias ? b->outputs : 0);
    if (!gradus_memory_fits(bytes_needed(b)))
        return GRADUS_ENOMEM;
    b->folded = GRADUS_NEW(b->weights + b->outputs, double);
    b->offsets = GRADUS_NEW(b->outputs, double);
    b->unit = GRADUS_NEW(b->dimension, double);
    b->responses.scores = GRADUS_NEW(examples * b->outputs, double);
    b->responses.p = GRADUS_NEW(examples * b->outputs, double);
    b->responses.x = GRADUS_NEW(b->dimension, double);
    b->responses.rows = GRADUS_NEW(examples, size_t);
    if (!b->folded || !b->offsets || !b->unit || !b->responses.scores || !b->responses.p ||
        !b->responses.x || !b->responses.rows)
        return GRADUS_ENOMEM;
    return allocate_sums(b);
}

gradus_err gradus_linear_open(gradus_linear *self, const gradus_link *link,
                              const char *name, const gradus_linear_values *values,
                              size_t threads, gradus_error *why) {
    const gradus_examples_request request = {
        .owner = name,
        .data = values->data,
        .test = values->test,
        .validation = values->validation,
        .features = gradus_integer_given(values->features) ? (size_t)values->features : 0,
        .scaling = (gradus_scaling)values->scaling,
        .storing = (gradus_storing)values->storage};
    body_t *b = self->body = GRADUS_NEW(1, body_t);
    if (!b)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", name);
    *b = (body_t){.link = link,
                  .l2 = values->l2,
                  .threads = threads,
                  .bias = values->bias,
                  .regularize_bias = values->bias && values->regularize_bias};
    gradus_err err = gradus_examples_open(&b->examples, &request, why);
    if (err)
        return err;
    b->outputs = link->outputs(b->examples.classes, values->data, why);
    if (b->outputs == 0)
        return GRADUS_EINPUT;
    if (allocate(b))
        return gradus_fail(why, GRADUS_ENOMEM,
                           "%s: %s: out of memory for %zu features and %zu outputs",
                           name, values->data, b->features, b->outputs);
    return GRADUS_OK;
}

void gradus_linear_close(void *self) {
    body_t *b = ((gradus_linear *)self)->body;
    if (!b)
        return;
    gradus_blocks_close(b->blocks);
    gradus_examples_close(&b->examples);
    gradus_free(b->folded);
    gradus_free(b->offsets);
    gradus_free(b->unit);
    gradus_free(b->responses.scores);
    gradus_free(b->sums);
    gradus_parts_close(&b->parts);
    gradus_free(b->responses.p);
    gradus_free(b->responses.x);
    gradus_free(b->responses.rows);
    gradus_free(b);
}

static body_t *body(const void *self) { return ((const gradus_linear *)self)->body; }

size_t gradus_linear_dimension(const void *self) { return body(self)->dimension; }

size_t gradus_linear_examples(const void *self) {
    return body(self)->examples.training.count;
}

void gradus_linear_start(const void *self, gradus_stream *stream, double x[]) {
    (void)stream;
    memset(x, 0, body(self)->dimension * sizeof *x);
}

/* ---- Scaling, folded into the weights and out of the gradient ---- */

/* Where the weight of output K and feature J is for the kernels: K * across + J * along.  */
typedef struct {
    size_t across, along;
} layout_t;

static layout_t layout(const body_t *b) {
    return is_sparse(b) ? (layout_t){1, b->outputs} : (layout_t){b->features, 1};
}

/* With entries (scale raw - shift) factor, W x + b is (W factor scale) raw + (b - W factor
   shift).  */
static void fold(body_t *b, const gradus_view *view, const double x[]) {
    const double *shift = b->examples.shift, *factor = b->examples.factor;
    layout_t at = layout(b);
    for (size_t k = 0; k < b->outputs; k++) {
        const double *w = x + k * b->features;
        double *folded = b->folded + k * at.across;
        double offset = b->bias ? x[b->weights + k] : 0.0;
        for (size_t j = 0; j < b->features; j++) {
            double scaled = factor ? w[j] * factor[j] : w[j];
            folded[j * at.along] = scaled * view->scale;
            if (shift)
                offset -= scaled * shift[j];
        }
        b->offsets[k] = offset;
    }
}

/* From the sums of residual x raw and of residual to the mean gradient in x, plus the
   regulariser's at POINT.  */
static void unfold(const body_t *b, const gradus_view *view, size_t count,
                   const double weight_sums[], const double bias_sums[],
                   const double point[], double gradient[]) {
    const double *shift = b->examples.shift, *factor = b->examples.factor;
    layout_t at = layout(b);
    double mean = 1.0 / (double)count;
    for (size_t k = 0; k < b->outputs; k++)
        for (size_t i = k * b->features, j = 0; j < b->features; i++, j++) {
            double sum = weight_sums[k * at.across + j * at.along] * view->scale;
            if (factor)
                sum = (sum - bias_sums[k] * shift[j]) * factor[j];
            gradient[i] = sum * mean + b->l2 * point[i];
        }
    for (size_t k = 0; b->bias && k < b->outputs; k++) {
        size_t i = b->weights + k;
        gradient[i] = bias_sums[k] * mean + (b->regularize_bias ? b->l2 * point[i] : 0.0);
    }
}

/* l2 x'y over what the regulariser counts.  */
static double regulariser_dot(const body_t *b, const double x[], const double y[]) {
    size_t counted = b->regularize_bias ? b->dimension : b->weights;
    return b->l2 > 0.0 ? b->l2 * gradus_dot(counted, x, y, 1) : 0.0;
}

/* ---- Kernels over the examples of a block, piece by piece ---- */

/* Scores of a piece, kept where they are wanted.  */
static void forward(const job_t *job, const gradus_batch *batch, size_t first, size_t count,
                    scratch_t *scratch) {
    const body_t *b = job->body;
    gradus_view_rows(job->view, batch, first, count, scratch->rows);
    job->view->kernels->forward(count, b->features, b->outputs, scratch->rows, b->folded,
                                scratch->scores);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < b->outputs; k++)
            scratch->scores[i * b->outputs + k] += b->offsets[k];
    if (job->scores)
        memcpy(job->scores + first * b->outputs, scratch->scores,
               count * b->outputs * sizeof *job->scores);
}

/* Adds the residuals of the piece from example BEGIN of the batch on, which stand in the
   scores, to the sums; or keeps them until all are there.  */
static void backward(const job_t *job, size_t begin, size_t count, const scratch_t *scratch,
                     double sums[]) {
    const body_t *b = job->body;
    if (b->parts.view)
        gradus_parts_keep(&b->parts, begin, count, scratch->scores);
    else
        job->view->kernels->backward(count, b->features, b->outputs, scratch->rows,
                                     scratch->scores, b->sums ? b->sums : sums);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < b->outputs; k++)
            sums[b->block_weights + k] += scratch->scores[i * b->outputs + k];
}

#define FOR_PIECES(first, count, begin, size)                                              \
    for (size_t begin = (first), end_ = (first) + (count), size;                           \
         size = end_ - begin < GRADUS_PIECE ? end_ - begin : GRADUS_PIECE, begin < end_;   \
         begin += size)

/* sums: gradient sums (a block's weights, then outputs), then the loss; or the loss alone.
 */
static void evaluate_block(void *context, const gradus_batch *batch, size_t first,
                           size_t count, double sums[], void *scratch_memory) {
    const job_t *job = context;
    const body_t *b = job->body;
    scratch_t *scratch = scratch_memory;
    double *loss = job->gradient ? sums + b->block_weights + b->outputs : sums;
    FOR_PIECES(first, count, begin, size) {
        forward(job, batch, begin, size, scratch);
        for (size_t i = 0; i < size; i++) {
            size_t target = job->view->targets[gradus_batch_row(batch, begin + i)];
            double *scores = scratch->scores + i * b->outputs;
            *loss += b->link->respond(b->outputs, target, scores);
            if (job->gradient)
                b->link->residual(b->outputs, target, scores);
        }
        if (job->gradient)
            backward(job, begin, size, scratch, sums);
    }
}

/* Fills job->scores; sums nothing.  */
static void score_block(void *context, const gradus_batch *batch, size_t first,
                        size_t count, double sums[], void *scratch_memory) {
    const job_t *job = context;
    (void)sums;
    FOR_PIECES(first, count, begin, size)
    forward(job, batch, begin, size, scratch_memory);
}

/* From scores to probabilities; sums nothing.  */
static void respond_block(void *context, const gradus_batch *batch, size_t first,
                          size_t count, double sums[], void *scratch_memory) {
    const body_t *b = context;
    double *p = b->responses.p + first * b->outputs;
    (void)batch, (void)sums, (void)scratch_memory;
    memcpy(p, b->responses.scores + first * b->outputs, count * b->outputs * sizeof *p);
    for (size_t i = 0; i < count; i++)
        b->link->respond(b->outputs, 0, p + i * b->outputs);
}

/* sums: of the product (a block's weights, then outputs), from the folded direction.  */
static void product_block(void *context, const gradus_batch *batch, size_t first,
                          size_t count, double sums[], void *scratch_memory) {
    const job_t *job = context;
    const body_t *b = job->body;
    scratch_t *scratch = scratch_memory;
    FOR_PIECES(first, count, begin, size) {
        forward(job, batch, begin, size, scratch);
        for (size_t i = 0; i < size; i++)
            b->link->curve(b->outputs, job->p + (begin + i) * b->outputs,
                           scratch->scores + i * b->outputs);
        backward(job, begin, size, scratch, sums);
    }
}

/* sums: loss, examples classified right.  */
static void measure_block(void *context, const gradus_batch *batch, size_t first,
                          size_t count, double sums[], void *scratch_memory) {
    const job_t *job = context;
    const body_t *b = job->body;
    scratch_t *scratch = scratch_memory;
    FOR_PIECES(first, count, begin, size) {
        forward(job, batch, begin, size, scratch);
        for (size_t i = 0; i < size; i++) {
            size_t target = job->view->targets[begin + i];
            double *scores = scratch->scores + i * b->outputs;
            sums[0] += b->link->respond(b->outputs, target, scores);
            sums[1] += b->link->predict(b->outputs, scores) == target ? 1.0 : 0.0;
        }
    }
}

/* ---- The scores ---- */

/* Takes note of what the scores are about to be of.  */
static void note_scores(body_t *b, const gradus_batch *batch, const double x[]) {
    responses_t *r = &b->responses;
    r->count = batch->count;
    r->all = !batch->rows;
    if (batch->rows)
        memcpy(r->rows, batch->rows, batch->count * sizeof *r->rows);
    memcpy(r->x, x, b->dimension * sizeof *x);
    r->responded = false;
}

static bool have_scores(const body_t *b, const gradus_batch *batch, const double x[]) {
    const responses_t *r = &b->responses;
    return r->count == batch->count && r->all == !batch->rows &&
           (r->all || memcmp(r->rows, batch->rows, batch->count * sizeof *r->rows) == 0) &&
           memcmp(r->x, x, b->dimension * sizeof *x) == 0;
}

/* The scores of X, a point or a direction, into SCORES.  */
static void fill_scores(body_t *b, const gradus_batch *batch, const double x[],
                        double scores[]) {
    job_t job = {.body = b, .view = &b->examples.training, .scores = scores};
    fold(b, job.view, x);
    gradus_blocks_sum(b->blocks, batch, 0, score_block, &job);
}

static void find_scores(body_t *b, const gradus_batch *batch, const double x[]) {
    if (have_scores(b, batch, x))
        return;
    note_scores(b, batch, x);
    fill_scores(b, batch, x, b->responses.scores);
}

static void respond(body_t *b, const gradus_batch *batch, const double x[]) {
    find_scores(b, batch, x);
    if (!b->responses.responded)
        gradus_blocks_sum(b->blocks, batch, 0, respond_block, b);
    b->responses.responded = true;
}

/* ---- Evaluations ---- */

/* Runs a kernel that ends in `backward` and has EXTRA sums of its own behind those: these
   are returned, and GRADIENT is the mean, with the regulariser's at POINT.  */
static const double *sum_gradient(body_t *b, const gradus_batch *batch, size_t extra,
                                  gradus_block_kernel kernel, job_t *job,
                                  const double point[], double gradient[]) {
    size_t width = b->block_weights + b->outputs;
    if (b->sums)
        memset(b->sums, 0, b->weights * sizeof *b->sums);
    const double *sums = gradus_blocks_sum(b->blocks, batch, width + extra, kernel, job);
    if (b->parts.view)
        gradus_parts_add(&b->parts, batch, b->sums);
    unfold(b, job->view, batch->count, b->sums ? b->sums : sums, sums + b->block_weights,
           point, gradient);
    return sums + width;
}

gradus_err gradus_linear_evaluate(void *self, const gradus_batch *batch, const double x[],
                                  double *value, double gradient[]) {
    body_t *b = body(self);
    const gradus_view *view = &b->examples.training;
    job_t job = {
        .body = b, .view = view, .scores = b->responses.scores, .gradient = gradient};
    note_scores(b, batch, x);
    fold(b, view, x);
    const double *loss = gradient
                             ? sum_gradient(b, batch, 1, evaluate_block, &job, x, gradient)
                             : gradus_blocks_sum(b->blocks, batch, 1, evaluate_block, &job);
    if (value)
        *value = *loss / (double)batch->count + 0.5 * regulariser_dot(b, x, x);
    return GRADUS_OK;
}

gradus_err gradus_linear_product(void *self, const gradus_batch *batch, const double x[],
                                 const double v[], double result[]) {
    body_t *b = body(self);
    job_t job = {.body = b, .view = &b->examples.training, .p = b->responses.p};
    respond(b, batch, x);
    fold(b, job.view, v);
    sum_gradient(b, batch, 0, product_block, &job, v, result);
    return GRADUS_OK;
}

gradus_err gradus_linear_diagonal(void *self, const gradus_batch *batch, const double x[],
                                  double diagonal[]) {
    body_t *b = body(self);
    respond(b, batch, x);
    const gradus_linear_diagonal_job job = {.link = b->link,
                                            .examples = &b->examples,
                                            .outputs = b->outputs,
                                            .p = b->responses.p,
                                            .blocks = b->blocks,
                                            .cross = b->sums,
                                            .u = b->offsets};
    gradus_linear_diagonal_sums(&job, batch, b->folded);
    for (size_t i = 0; i < b->dimension; i++)
        diagonal[i] = b->folded[i] / (double)batch->count +
                      (i < b->weights || b->regularize_bias ? b->l2 : 0.0);
    return GRADUS_OK;
}

/* Column by column, as products with the unit vectors; the lower triangle is then made the
   upper one's mirror image.  */
gradus_err gradus_linear_hessian(void *self, const gradus_batch *batch, const double x[],
                                 double matrix[]) {
    size_t n = body(self)->dimension;
    double *unit = body(self)->unit;
    for (size_t i = 0; i < n; i++) {
        unit[i] = 1.0;
        gradus_linear_product(self, batch, x, unit, matrix + i * n);
        unit[i] = 0.0;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            matrix[i * n + j] = matrix[j * n + i];
    return GRADUS_OK;
}

/* ---- For the preconditioner and the layer view ---- */

gradus_linear_shape gradus_linear_get_shape(const void *self) {
    const body_t *b = body(self);
    return (gradus_linear_shape){.link = b->link,
                                 .examples = &b->examples,
                                 .outputs = b->outputs,
                                 .features = b->features,
                                 .threads = b->threads,
                                 .bias = b->bias,
                                 .sparse = is_sparse(b),
                                 .l2 = b->l2,
                                 .bias_l2 = b->regularize_bias ? b->l2 : 0.0};
}

const double *gradus_linear_responses(void *self, const gradus_batch *batch,
                                      const double x[]) {
    respond(body(self), batch, x);
    return body(self)->responses.p;
}

/* ---- Trials on a ray ---- */

gradus_err gradus_linear_ray_begin(void *self, const gradus_batch *batch, const double x[],
                                   const double direction[]) {
    body_t *b = body(self);
    find_scores(b, batch, x);
    fill_scores(b, batch, direction, b->responses.p);
    b->responses.responded = false;
    b->ray = (gradus_linear_ray){.link = b->link,
                                 .outputs = b->outputs,
                                 .targets = b->examples.training.targets,
                                 .scores = b->responses.scores,
                                 .changes = b->responses.p,
                                 .square = regulariser_dot(b, x, x),
                                 .cross = regulariser_dot(b, x, direction),
                                 .curvature = regulariser_dot(b, direction, direction)};
    return GRADUS_OK;
}

gradus_err gradus_linear_ray_trial(void *self, double step, double *value, double *slope) {
    body_t *b = body(self);
    const responses_t *r = &b->responses;
    const gradus_batch batch = {.count = r->count, .rows = r->all ? NULL : r->rows};
    gradus_linear_ray_along(&b->ray, b->blocks, &batch, step, value, slope);
    return GRADUS_OK;
}

size_t gradus_linear_features(const void *self) { return body(self)->features; }

/* ---- Data that are not trained on ---- */

static const gradus_view *view_of(const body_t *b, gradus_subset subset) {
    return subset == GRADUS_TEST ? &b->examples.test : &b->examples.validation;
}

size_t gradus_linear_subset_examples(const void *self, gradus_subset subset) {
    return view_of(body(self), subset)->count;
}

/* The mean loss, without the regulariser, and the share classified right.  */
gradus_err gradus_linear_measure(void *self, gradus_subset subset, size_t count,
                                 const double x[], gradus_metrics *out) {
    body_t *b = body(self);
    job_t job = {.body = b, .view = view_of(b, subset)};
    gradus_batch first = {.count = count};
    fold(b, job.view, x);
    const double *sums = gradus_blocks_sum(b->blocks, &first, 2, measure_block, &job);
    *out = (gradus_metrics){.value = sums[0] / (double)count,
                            .accuracy = sums[1] / (double)count};
    return GRADUS_OK;
}

/* The losses are convex: what is above 0 is the regulariser's, on every parameter or not.  */
double gradus_linear_strong_convexity(const void *self) {
    const body_t *b = body(self);
    return !b->bias || b->regularize_bias ? b->l2 : 0.0;
}

void gradus_linear_sources(const void *self,
                           void (*emit)(void *context, const char *path,
                                        const char *checksum),
                           void *context) {
    const gradus_examples *examples = &body(self)->examples;
    for (size_t i = 0; i < sizeof examples->sets / sizeof *examples->sets; i++)
        for (size_t j = 0; j < examples->sets[i].source_count; j++)
            emit(context, examples->sets[i].sources[j].path,
                 examples->sets[i].sources[j].checksum);
}
