/* Linear models: evaluation in blocks of examples, in pieces that stay in cache.  */

#include "problems/linear.h"

#include "core/blocks.h"
#include "core/memory.h"
#include "core/settings.h"
#include "data/examples.h"
#include "linalg/vector.h"
#include "problems/linear_ray.h"

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
    size_t threads;
    gradus_examples examples;
    size_t outputs, features, weights, dimension; /* WEIGHTS = outputs x features */
    gradus_blocks *blocks;
    double *folded;  /* weights with the scaling folded in */
    double *offsets; /* outputs: biases likewise */
    double *unit;    /* dimension, zero between calls: unit vectors for the Hessian */
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
    double scores[]; /* GRADUS_PIECE x outputs; or outputs, and the features of a row */
} scratch_t;

/* ---- Open and close ---- */

static size_t most(size_t a, size_t b) { return a > b ? a : b; }

static gradus_err allocate(body_t *b, size_t threads) {
    size_t examples = b->examples.training.count;
    b->features = b->examples.training.columns;
    b->weights = b->outputs * b->features;
    b->dimension = b->weights + (b->bias ? b->outputs : 0);
    b->folded = GRADUS_NEW(b->weights, double);
    b->offsets = GRADUS_NEW(b->outputs, double);
    b->unit = GRADUS_NEW(b->dimension, double);
    b->responses.scores = GRADUS_NEW(examples * b->outputs, double);
    b->responses.p = GRADUS_NEW(examples * b->outputs, double);
    b->responses.x = GRADUS_NEW(b->dimension, double);
    b->responses.rows = GRADUS_NEW(examples, size_t);
    if (!b->folded || !b->offsets || !b->unit || !b->responses.scores || !b->responses.p ||
        !b->responses.x || !b->responses.rows)
        return GRADUS_ENOMEM;
    size_t largest =
        most(examples, most(b->examples.test.count, b->examples.validation.count));
    size_t numbers = most(GRADUS_PIECE * b->outputs, b->outputs + b->features);
    return gradus_blocks_open(&b->blocks, largest, b->weights + b->outputs + 1,
                              sizeof(scratch_t) + numbers * sizeof(double), threads);
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
        .scaling = (gradus_scaling)values->scaling};
    body_t *b = self->body = GRADUS_NEW(1, body_t);
    if (!b)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", name);
    *b = (body_t){.link = link,
                  .l2 = values->l2,
                  .bias = values->bias,
                  .regularize_bias = values->bias && values->regularize_bias,
                  .threads = threads};
    gradus_err err = gradus_examples_open(&b->examples, &request, why);
    if (err)
        return err;
    b->outputs = link->outputs(b->examples.classes, values->data, why);
    if (b->outputs == 0)
        return GRADUS_EINPUT;
    if (allocate(b, threads))
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", name);
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

/* With entries (scale raw - shift) factor, W x + b is (W factor scale) raw + (b - W factor
   shift).  */
static void fold(body_t *b, const gradus_view *view, const double x[]) {
    const double *shift = b->examples.shift, *factor = b->examples.factor;
    for (size_t k = 0; k < b->outputs; k++) {
        const double *w = x + k * b->features;
        double *folded = b->folded + k * b->features;
        double offset = b->bias ? x[b->weights + k] : 0.0;
        for (size_t j = 0; j < b->features; j++) {
            double scaled = factor ? w[j] * factor[j] : w[j];
            folded[j] = scaled * view->scale;
            if (shift)
                offset -= scaled * shift[j];
        }
        b->offsets[k] = offset;
    }
}

/* From the SUMS of residual x raw and of residual to the mean gradient in x, plus the
   regulariser's at POINT.  */
static void unfold(const body_t *b, const gradus_view *view, size_t count,
                   const double sums[], const double point[], double gradient[]) {
    const double *shift = b->examples.shift, *factor = b->examples.factor;
    const double *bias_sums = sums + b->weights;
    double mean = 1.0 / (double)count;
    for (size_t k = 0; k < b->outputs; k++)
        for (size_t i = k * b->features, j = 0; j < b->features; i++, j++) {
            double sum = sums[i] * view->scale;
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

/* Adds a piece's residuals, which stand in the scores, to the sums.  */
static void backward(const job_t *job, size_t count, const scratch_t *scratch,
                     double sums[]) {
    const body_t *b = job->body;
    job->view->kernels->backward(count, b->features, b->outputs, scratch->rows,
                                 scratch->scores, sums);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < b->outputs; k++)
            sums[b->weights + k] += scratch->scores[i * b->outputs + k];
}

#define FOR_PIECES(first, count, begin, size)                                              \
    for (size_t begin = (first), end_ = (first) + (count), size;                           \
         size = end_ - begin < GRADUS_PIECE ? end_ - begin : GRADUS_PIECE, begin < end_;   \
         begin += size)

/* sums: gradient sums (weights, then outputs), then the loss; or the loss alone.  */
static void evaluate_block(void *context, const gradus_batch *batch, size_t first,
                           size_t count, double sums[], void *scratch_memory) {
    const job_t *job = context;
    const body_t *b = job->body;
    scratch_t *scratch = scratch_memory;
    double *loss = job->gradient ? sums + b->weights + b->outputs : sums;
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
            backward(job, size, scratch, sums);
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

/* sums: of the product (weights, then outputs), from the folded direction.  */
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
        backward(job, size, scratch, sums);
    }
}

/* sums: of the diagonal (weights, then outputs).  */
static void diagonal_block(void *context, const gradus_batch *batch, size_t first,
                           size_t count, double sums[], void *scratch_memory) {
    const job_t *job = context;
    const body_t *b = job->body;
    double *u = ((scratch_t *)scratch_memory)->scores, *row = u + b->outputs;
    for (size_t i = first; i < first + count; i++) {
        gradus_examples_row(&b->examples, job->view, gradus_batch_row(batch, i), row);
        for (size_t k = 0; k < b->outputs; k++) {
            memset(u, 0, b->outputs * sizeof *u);
            u[k] = 1.0;
            b->link->curve(b->outputs, job->p + i * b->outputs, u);
            double w = u[k], *sum = sums + k * b->features;
            for (size_t j = 0; j < b->features; j++)
                sum[j] += w * row[j] * row[j];
            sums[b->weights + k] += w;
        }
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

gradus_err gradus_linear_evaluate(void *self, const gradus_batch *batch, const double x[],
                                  double *value, double gradient[]) {
    body_t *b = body(self);
    const gradus_view *view = &b->examples.training;
    job_t job = {
        .body = b, .view = view, .scores = b->responses.scores, .gradient = gradient};
    size_t gradient_sums = gradient ? b->weights + b->outputs : 0;
    note_scores(b, batch, x);
    fold(b, view, x);
    const double *sums =
        gradus_blocks_sum(b->blocks, batch, gradient_sums + 1, evaluate_block, &job);
    if (value)
        *value =
            sums[gradient_sums] / (double)batch->count + 0.5 * regulariser_dot(b, x, x);
    if (gradient)
        unfold(b, view, batch->count, sums, x, gradient);
    return GRADUS_OK;
}

gradus_err gradus_linear_product(void *self, const gradus_batch *batch, const double x[],
                                 const double v[], double result[]) {
    body_t *b = body(self);
    job_t job = {.body = b, .view = &b->examples.training, .p = b->responses.p};
    respond(b, batch, x);
    fold(b, job.view, v);
    const double *sums =
        gradus_blocks_sum(b->blocks, batch, b->weights + b->outputs, product_block, &job);
    unfold(b, job.view, batch->count, sums, v, result);
    return GRADUS_OK;
}

gradus_err gradus_linear_diagonal(void *self, const gradus_batch *batch, const double x[],
                                  double diagonal[]) {
    body_t *b = body(self);
    job_t job = {.body = b, .view = &b->examples.training, .p = b->responses.p};
    respond(b, batch, x);
    const double *sums =
        gradus_blocks_sum(b->blocks, batch, b->weights + b->outputs, diagonal_block, &job);
    for (size_t i = 0; i < b->dimension; i++)
        diagonal[i] = sums[i] / (double)batch->count +
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

/* ---- For the preconditioner ---- */

gradus_linear_shape gradus_linear_get_shape(const void *self) {
    const body_t *b = body(self);
    return (gradus_linear_shape){.link = b->link,
                                 .outputs = b->outputs,
                                 .features = b->features,
                                 .threads = b->threads,
                                 .bias = b->bias,
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

/* ---- The layer view: one layer ---- */

size_t gradus_linear_layers(const void *self) {
    (void)self;
    return 1;
}

void gradus_linear_layer(const void *self, size_t index, gradus_layer *out) {
    const body_t *b = body(self);
    (void)index;
    *out = (gradus_layer){.inputs = b->features,
                          .outputs = b->outputs,
                          .weights = 0,
                          .biases = b->bias ? b->weights : GRADUS_NO_BIASES};
}

gradus_err gradus_linear_inputs(void *self, const gradus_batch *batch, const double x[],
                                double *const inputs[]) {
    const body_t *b = body(self);
    (void)x;
    for (size_t i = 0; inputs[0] && i < batch->count; i++)
        gradus_examples_row(&b->examples, &b->examples.training, gradus_batch_row(batch, i),
                            inputs[0] + i * b->features);
    return GRADUS_OK;
}

/* A class with the probabilities P; with one output, that of class 1.  */
static size_t draw_target(size_t k, const double p[], gradus_stream *stream) {
    double u = gradus_stream_uniform(stream);
    if (k == 1)
        return u < p[0];
    size_t i = 0;
    while (i < k - 1 && u >= p[i])
        u -= p[i++];
    return i;
}

gradus_err gradus_linear_signals(void *self, const gradus_batch *batch,
                                 gradus_stream *targets, const double x[],
                                 double *const inputs[], double *const signals[]) {
    body_t *b = body(self);
    gradus_linear_inputs(self, batch, x, inputs);
    if (!signals[0])
        return GRADUS_OK;
    respond(b, batch, x);
    memcpy(signals[0], b->responses.p, batch->count * b->outputs * sizeof(double));
    for (size_t i = 0; i < batch->count; i++) {
        double *p = signals[0] + i * b->outputs;
        size_t row = gradus_batch_row(batch, i);
        b->link->residual(b->outputs,
                          targets ? draw_target(b->outputs, p, targets)
                                  : b->examples.training.targets[row],
                          p);
    }
    return GRADUS_OK;
}

/* ---- Data that are not trained on ---- */

static const gradus_view *view_of(const body_t *b, gradus_subset subset) {
    return subset == GRADUS_TEST ? &b->examples.test : &b->examples.validation;
}

size_t gradus_linear_subset_examples(const void *self, gradus_subset subset) {
    return view_of(body(self), subset)->count;
}

/* The mean loss, without the regulariser, and the share classified right.  */
gradus_err gradus_linear_measure(void *self, gradus_subset subset, const double x[],
                                 gradus_metrics *out) {
    body_t *b = body(self);
    job_t job = {.body = b, .view = view_of(b, subset)};
    gradus_batch all = {.count = job.view->count};
    fold(b, job.view, x);
    const double *sums = gradus_blocks_sum(b->blocks, &all, 2, measure_block, &job);
    *out = (gradus_metrics){.value = sums[0] / (double)all.count,
                            .accuracy = sums[1] / (double)all.count};
    return GRADUS_OK;
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
