/* The trace: one table of columns drives the header and the rows.  */

#include "harness/run/trace.h"

#include <math.h>

typedef enum {
    COUNT,   /* a size_t */
    ALWAYS,  /* a number that always applies: NaN is a result and is written */
    WHERE_IS /* NaN: does not apply */
} column_kind;

typedef struct {
    const char *name, *help;
    column_kind kind;
    size_t offset;
} column_t;

#define COLUMN(name, kind, member, help)                                                   \
    { name, help, kind, offsetof(gradus_row, member) }
#define PHASE(name, phase, help) COLUMN(name, ALWAYS, phase_seconds[phase], help)
static const column_t columns[] = {
    COLUMN("update", COUNT, update, "Updates made."),
    COLUMN("epoch", ALWAYS, epoch, "Epochs of the batches drawn; in full batch, updates."),
    COLUMN("passes", ALWAYS, passes,
           "Passes over the data: gradients and products, and half of the values alone."),
    COLUMN("value_evaluations", COUNT, value_evaluations,
           "Calls for a value alone, and preparations of trials on a ray."),
    COLUMN("gradient_evaluations", COUNT, gradient_evaluations,
           "Calls for value and gradient."),
    COLUMN("products", COUNT, products, "Hessian-vector products."),
    COLUMN("cpu_seconds", ALWAYS, cpu_seconds,
           "Process CPU time of set-up and updates, all threads together."),
    COLUMN("wall_seconds", ALWAYS, wall_seconds, "Wall time of the same."),
    COLUMN("train_value", ALWAYS, train_value,
           "The objective, regulariser included, over the training data."),
    COLUMN("gradient_norm", ALWAYS, gradient_norm, "Euclidean norm of its gradient."),
    COLUMN("step_norm", WHERE_IS, step_norm, "Euclidean length of the last update."),
    COLUMN("learning_rate", WHERE_IS, learning_rate,
           "Learning rate or step length of the last update."),
    COLUMN("test_value", WHERE_IS, test.value,
           "Mean loss on the test data, without the regulariser."),
    COLUMN("test_accuracy", WHERE_IS, test.accuracy,
           "Fraction of the test data that is classified correctly."),
    COLUMN("validation_value", WHERE_IS, validation.value,
           "Mean loss on the validation data, without the regulariser."),
    COLUMN("validation_accuracy", WHERE_IS, validation.accuracy,
           "Fraction of the validation data that is classified correctly."),
    PHASE("evaluation_seconds", GRADUS_PHASE_EVALUATION,
          "CPU time of evaluations; this and the following ones add up to `cpu_seconds`."),
    PHASE("product_seconds", GRADUS_PHASE_PRODUCT, "CPU time of products."),
    PHASE("eigendecomposition_seconds", GRADUS_PHASE_EIGENDECOMPOSITION,
          "CPU time of eigendecompositions."),
    PHASE("line_search_seconds", GRADUS_PHASE_LINE_SEARCH,
          "CPU time of line searches without their evaluations."),
    PHASE("rest_seconds", GRADUS_PHASE_REST, "CPU time of everything else."),
    PHASE("preconditioner_seconds", GRADUS_PHASE_PRECONDITIONER,
          "CPU time of finding and applying the problem's preconditioner; a part of "
          "`cpu_seconds` like those before."),
    COLUMN("damping", WHERE_IS, damping,
           "What the last update added to the curvature, times the identity."),
    COLUMN("reduction", WHERE_IS, reduction,
           "Change of the value in the last update over what its model promised."),
    COLUMN("ray_evaluations", COUNT, ray_evaluations,
           "Trials of line searches that needed no data; in `passes`, each is a value of "
           "the examples divided by the features."),
};
enum { COLUMNS = sizeof columns / sizeof *columns };

void gradus_trace_header(FILE *file, const char *more) {
    for (size_t i = 0; i < COLUMNS; i++)
        fprintf(file, "%s%s", i > 0 ? "," : "", columns[i].name);
    fprintf(file, "%s\n", more ? more : "");
    fflush(file);
}

/* The sign of a NaN means nothing, but printf shows it.  */
static void print_number(FILE *file, double number) {
    if (isnan(number))
        fputs("nan", file);
    else
        fprintf(file, "%.17g", number);
}

void gradus_trace_row(FILE *file, const gradus_row *row, const double more[],
                      size_t count) {
    for (size_t i = 0; i < COLUMNS; i++) {
        if (i > 0)
            fputc(',', file);
        const void *member = (const char *)row + columns[i].offset;
        if (columns[i].kind == COUNT)
            fprintf(file, "%zu", *(const size_t *)member);
        else if (columns[i].kind == ALWAYS || !isnan(*(const double *)member))
            print_number(file, *(const double *)member);
    }
    for (size_t i = 0; i < count; i++) {
        fputc(',', file);
        if (!isnan(more[i]))
            print_number(file, more[i]);
    }
    fputc('\n', file);
    fflush(file); /* a row that was measured survives whatever ends the program */
}

const char *gradus_trace_column(size_t i, const char **help) {
    if (i >= COLUMNS)
        return NULL;
    *help = columns[i].help;
    return columns[i].name;
}
