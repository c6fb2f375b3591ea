/* Straight lines in one variable, one an example:

     f(x) = 1/N sum_i s_i x,   start 0.

   The gradient of an example is its slope wherever x is.  One slope shows what a method makes of a
   constant gradient; slopes that average to nothing, nine of 0.1 and one of -0.9 say, show
   whether a method that sees one example at a time stays where it is (Tieleman and Hinton,
   "Neural networks for machine learning", lecture 6e, 2012).  */

#include "base/memory.h"
#include "base/text.h"
#include "core/blocks.h"
#include "gradus.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *slopes;
} params_t;

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, slopes), .text = "1",
     .help = "Slopes, separated by spaces; 0.1x9 stands for nine of 0.1."},
    {0}};

typedef struct {
    size_t count;
    double *slopes; /* count */
} slopes_t;

enum { MOST = 1000000 }; /* slopes */

/* Reads one "0.1" or "0.1x9"; the result is where it ends, NULL when there is none.  */
static const char *read_slope(const char *text, double *slope, size_t *count) {
    char *end;
    *slope = gradus_text_read_real(text, &end);
    *count = 1;
    if (end == text || !isfinite(*slope))
        return NULL;
    if (*end == 'x') {
        const char *digits = end + 1;
        unsigned long long given = strtoull(digits, &end, 10);
        if (*digits < '0' || *digits > '9' || given == 0 || given > MOST)
            return NULL;
        *count = (size_t)given;
    }
    return *end == '\0' || *end == ' ' ? end : NULL;
}

/* Fills SLOPES unless it is NULL; how many there are, 0 when TEXT is not a list of them.  */
static size_t read_slopes(const char *text, double slopes[]) {
    size_t total = 0, count;
    double slope;
    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        text = read_slope(text, &slope, &count);
        if (!text || total + count > MOST)
            return 0;
        for (size_t i = 0; slopes && i < count; i++)
            slopes[total + i] = slope;
        total += count;
    }
    return total;
}

static gradus_err slopes_open(void *self, const void *values, size_t threads,
                              gradus_error *why) {
    slopes_t *s = self;
    const params_t *p = values;
    (void)threads;
    s->count = read_slopes(p->slopes, NULL);
    if (s->count == 0)
        return gradus_fail(why, GRADUS_EINPUT,
                           "slopes: slopes=%s: expected numbers, or NUMBERxCOUNT, separated by "
                           "spaces, at most %d in all",
                           p->slopes, MOST);
    s->slopes = GRADUS_NEW(s->count, double);
    if (!s->slopes)
        return gradus_fail(why, GRADUS_ENOMEM, "slopes: out of memory");
    read_slopes(p->slopes, s->slopes);
    return GRADUS_OK;
}

static void slopes_close(void *self) { gradus_free(((slopes_t *)self)->slopes); }

static size_t slopes_dimension(const void *self) {
    (void)self;
    return 1;
}

static size_t slopes_examples(const void *self) { return ((const slopes_t *)self)->count; }

static void slopes_start(const void *self, gradus_stream *stream, double x[]) {
    (void)self;
    (void)stream;
    x[0] = 0.0;
}

static gradus_err slopes_evaluate(void *self, const gradus_batch *batch, const double x[],
                                  double *value, double gradient[]) {
    const slopes_t *s = self;
    double total = 0.0;
    for (size_t i = 0; i < batch->count; i++)
        total += s->slopes[gradus_batch_row(batch, i)];
    double mean = total / (double)batch->count;
    if (value)
        *value = mean * x[0];
    if (gradient)
        gradient[0] = mean;
    return GRADUS_OK;
}

const gradus_problem_type gradus_problem_slopes = {
    .name = "slopes",
    .brief = "straight lines in one variable: an example's gradient is its slope",
    .formula = "f(x) = 1/N sum_i s_i x",
    .citation = "Tieleman and Hinton, Neural networks for machine learning, lecture 6e, 2012",
    .size = sizeof(slopes_t),
    .params_size = sizeof(params_t),
    .params = params,
    .open = slopes_open,
    .close = slopes_close,
    .dimension = slopes_dimension,
    .examples = slopes_examples,
    .start = slopes_start,
    .evaluate = slopes_evaluate,
};
