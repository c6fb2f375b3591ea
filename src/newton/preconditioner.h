/* Preconditioners for the conjugate gradients inside a method: none, the diagonal, or the
   problem's own.  */

#ifndef GRADUS_NEWTON_PRECONDITIONER_H
#define GRADUS_NEWTON_PRECONDITIONER_H

#include "gradus.h"

enum {
    GRADUS_PRECONDITIONER_AUTO,
    GRADUS_PRECONDITIONER_NONE,
    GRADUS_PRECONDITIONER_DIAGONAL,
    GRADUS_PRECONDITIONER_PROBLEM
};

/* The member `preconditioner` of the parameter struct of a method.  */
typedef struct gradus_preconditioner_params {
    long preconditioner, preconditioner_samples, preconditioner_patience;
} gradus_preconditioner_params;

/* Its rows in the table of a method's struct T; AUTO says what `auto` is.  */
/* clang-format off */
#define GRADUS_PRECONDITIONER_ROW(T, f)                                                    \
    GRADUS_FIELD_OF(T, preconditioner, gradus_preconditioner_params, f)
#define GRADUS_PRECONDITIONER_ROWS(T, AUTO)                                                \
    {GRADUS_PRECONDITIONER_ROW(T, preconditioner), .initial = GRADUS_PRECONDITIONER_AUTO,  \
     .choices = "auto|none|diagonal|problem",                                              \
     .help = "Of conjugate gradients: none, the diagonal of the Hessian, or the problem's "\
             "own, which for softmax and logistic is a Cholesky block for every output; "  \
             "`auto` is " AUTO "."},                                                       \
    {GRADUS_PRECONDITIONER_ROW(T, preconditioner_samples), .initial = 6000,                \
     .minimum = 1, .maximum = 9007199254740992.0, .flags = GRADUS_LOG,                     \
     .help = "Training examples that the problem's own preconditioner is found from; at "  \
             "most all."},                                                                 \
    {GRADUS_PRECONDITIONER_ROW(T, preconditioner_patience), .initial = 10, .minimum = 0,   \
     .maximum = 1e9,                                                                       \
     .help = "It is found anew after an update that took more iterations than this, and "  \
             "is the identity before the first; 0: in every update."}
/* clang-format on */

typedef struct gradus_preconditioner {
    const gradus_preconditioner_params *params;
    long kind;
    size_t n;
    double exponent;
    double *memory;   /* the diagonal of the Hessian, n; or the problem's own */
    double *diagonal; /* n: M */
    size_t *rows, samples;
    size_t found;      /* whether there is an M; until then it is I */
    size_t iterations; /* of the last update: of conjugate gradients */
} gradus_preconditioner;

/* Asks for memory.  AUTOMATIC is the kind that `auto` is where the problem has it; what was
   asked for and is not to be had is refused with a sentence.  What is made of the diagonal is
   raised to EXPONENT.  */
gradus_err gradus_preconditioner_open(gradus_preconditioner *preconditioner,
                                      const gradus_preconditioner_params *params,
                                      const char *owner, long automatic, double exponent,
                                      const gradus_oracle *oracle, gradus_state *state,
                                      gradus_error *why);

/* At the beginning of an update at X: finds M near (Hessian + DAMPING I), or keeps what it
   has.  The method sets ITERATIONS at the end of the update.  */
gradus_err gradus_preconditioner_refresh(gradus_preconditioner *preconditioner,
                                         gradus_oracle *oracle, const double x[],
                                         double damping);

/* RESULT = M^-1 V; not for the kind none.  */
gradus_err gradus_preconditioner_apply(const gradus_preconditioner *preconditioner,
                                       gradus_oracle *oracle, const double v[],
                                       double result[]);

#endif
