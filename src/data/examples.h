/* Labelled examples for a problem: training data, and test and validation data where there
   are any; classes; scaling of the features.

   Entry j of an example is (scale * raw_j - shift_j) * factor_j, where raw is what is in
   memory.  Problems fold the scaling into their weights rather than apply it to the data,
   so that bytes stay bytes, and what is 0 in compressed rows need not be there.

   Rows are opaque: view->kernels (linalg/rows.h) multiplies them, gradus_examples_row makes
   one dense; and when view->kernels->sparse, a row is a gradus_sparse_row.  */

#ifndef GRADUS_DATA_EXAMPLES_H
#define GRADUS_DATA_EXAMPLES_H

#include "data/dataset.h"
#include "gradus.h"
#include "linalg/rows.h"

/* Rows FIRST .. FIRST+COUNT-1 of a data set.  */
typedef struct gradus_view {
    size_t count, columns;
    const char *base; /* the first row, or the first gradus_sparse_row */
    size_t row_bytes; /* between rows */
    bool bytes;       /* entries are bytes, not doubles */
    double scale;
    const unsigned *targets; /* count: class numbers, or NULL */
    const gradus_row_kernels *kernels;
} gradus_view;

typedef struct gradus_examples {
    gradus_dataset sets[3];                 /* training, test, validation from a file */
    unsigned *targets[3];                   /* class numbers of each, or NULL */
    gradus_view training, test, validation; /* COUNT 0: there is none */
    size_t classes;
    double *labels;         /* classes, ascending */
    double *shift, *factor; /* columns each, or both NULL when there is no scaling */
} gradus_examples;

typedef enum gradus_scaling {
    GRADUS_SCALING_NONE,
    GRADUS_SCALING_STANDARD, /* mean 0 and standard deviation 1 over the training data */
    GRADUS_SCALING_MAX       /* largest absolute value 1 */
} gradus_scaling;

/* OWNER is named in messages.  TEST may be NULL (the data set's own test set, if it has
   one), VALIDATION NULL (none), a fraction in (0, 1) of the training examples, which are
   then no longer trained on, or a file.  */
typedef struct gradus_examples_request {
    const char *owner, *data, *test, *validation;
    size_t features;
    gradus_scaling scaling;
    gradus_storing storing; /* of the training data; the others are stored alike */
    bool unlabelled;        /* labels are not looked at; there need be none */
} gradus_examples_request;

gradus_err gradus_examples_open(gradus_examples *out,
                                const gradus_examples_request *request, gradus_error *why);
void gradus_examples_close(gradus_examples *examples);

/* Pointers to the rows of examples FIRST .. FIRST+COUNT-1 of a batch.  */
void gradus_view_rows(const gradus_view *view, const gradus_batch *batch, size_t first,
                      size_t count, const void *rows[]);
/* One row as numbers, scaling applied.  */
void gradus_examples_row(const gradus_examples *examples, const gradus_view *view,
                         size_t row, double out[]);

#endif
