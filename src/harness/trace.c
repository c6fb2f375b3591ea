/* The trace: one table of columns drives the header and the rows.  */

#include "harness/trace.h"

#include <math.h>

typedef enum {
    COUNT,   /* a size_t */
    ALWAYS,  /* a number that always applies: NaN is a result and is written */
    WHERE_IS /* NaN: does not apply */
} column_kind;

typedef struct {
    const char *name;
    column_kind kind;
    size_t offset;
} column_t;

#define COLUMN(name, kind, member)                                                         \
    { name, kind, offsetof(gradus_row, member) }
#define PHASE(name, phase) COLUMN(name, ALWAYS, phase_seconds[phase])
static const column_t columns[] = {
    COLUMN("update", COUNT, update),
    COLUMN("epoch", ALWAYS, epoch),
    COLUMN("passes", ALWAYS, passes),
    COLUMN("value_evaluations", COUNT, value_evaluations),
    COLUMN("gradient_evaluations", COUNT, gradient_evaluations),
    COLUMN("products", COUNT, products),
    COLUMN("cpu_seconds", ALWAYS, cpu_seconds),
    COLUMN("wall_seconds", ALWAYS, wall_seconds),
    COLUMN("train_value", ALWAYS, train_value),
    COLUMN("gradient_norm", ALWAYS, gradient_norm),
    COLUMN("step_norm", WHERE_IS, step_norm),
    COLUMN("learning_rate", WHERE_IS, learning_rate),
    COLUMN("test_value", WHERE_IS, test.value),
    COLUMN("test_accuracy", WHERE_IS, test.accuracy),
    COLUMN("validation_value", WHERE_IS, validation.value),
    COLUMN("validation_accuracy", WHERE_IS, validation.accuracy),
    PHASE("evaluation_seconds", GRADUS_PHASE_EVALUATION),
    PHASE("product_seconds", GRADUS_PHASE_PRODUCT),
    PHASE("eigendecomposition_seconds", GRADUS_PHASE_EIGENDECOMPOSITION),
    PHASE("line_search_seconds", GRADUS_PHASE_LINE_SEARCH),
    PHASE("rest_seconds", GRADUS_PHASE_REST),
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const char *separator(size_t column) { return column + 1 < COLUMNS ? "," : "\n"; }

void gradus_trace_header(FILE *file) {
    for (size_t i = 0; i < COLUMNS; i++)
        fprintf(file, "%s%s", columns[i].name, separator(i));
    fflush(file);
}

/* The sign of a NaN means nothing, but printf shows it.  */
static void print_number(FILE *file, double number) {
    if (isnan(number))
        fputs("nan", file);
    else
        fprintf(file, "%.17g", number);
}

void gradus_trace_row(FILE *file, const gradus_row *row) {
    for (size_t i = 0; i < COLUMNS; i++) {
        const void *member = (const char *)row + columns[i].offset;
        if (columns[i].kind == COUNT)
            fprintf(file, "%zu", *(const size_t *)member);
        else if (columns[i].kind == ALWAYS || !isnan(*(const double *)member))
            print_number(file, *(const double *)member);
        fputs(separator(i), file);
    }
    fflush(file); /* a row that was measured survives whatever ends the program */
}
