/* Gradus: second-order and natural-gradient optimization.

   In one call, from a value and a gradient:

       int bowl(void *context, size_t n, const double x[], double *value, double g[]);

       double x[2] = {3.0, 4.0};
       gradus_function function = {.dimension = 2, .evaluate = bowl};
       gradus_minimum found;
       gradus_minimize(&function, x, "lbfgs", "updates=1000", &found);
       puts(found.text);

   Step by step two interfaces meet.  A *problem* is an average over examples (or a plain
   function, which is one example).  A *method* makes one update of the parameter vector at
   a time.  A *run* puts the two together, and the caller writes the loop:

       gradus_problem *problem = NULL;
       gradus_method *method = NULL;
       gradus_run *run = NULL;
       gradus_error why;
       if (!gradus_problem_create(&problem, "rosenbrock:dimension=10", 1, &why) &&
           !gradus_method_create(&method, "lbfgs:memory=5", &why) &&
           !gradus_run_open(&run, problem, method, NULL, "updates=1000", &why)) {
           while (gradus_run_test(run) == GRADUS_RUNNING)
               if (gradus_run_step(run, &why) != GRADUS_OK)
                   break;
           puts(gradus_stop_text(gradus_run_stop(run)));
       } else {
           puts(why.text);
       }
       gradus_run_close(run);
       gradus_method_close(method);
       gradus_problem_close(problem);

   Problems and methods are the library's, by name (`gradus list`, `gradus describe NAME`,
   doc/manual.md, where the formulas and their sources are), or the caller's own, which are
   the same structs.  examples/ has a program of each kind.

   Conventions.
   - Functions that can fail return a gradus_err, GRADUS_OK being 0, and write one sentence
     to WHY, which may be NULL and is left alone on success.  That a method cannot go on is
     no error but a gradus_stop.
   - Vectors are arrays of double, as long as the problem's dimension unless it says
     otherwise; matrices are flat and row-major; sizes and counts are size_t.  Times are in
     seconds.  Norms are Euclidean.
   - A function that takes `**out` gives the caller an object to close, NULL on failure.
     Close functions accept NULL; no other pointer may be NULL unless it says so.
     Arguments are borrowed for the call unless it says otherwise.  A pointer that is
     returned is borrowed from the object, or static when there is none.
   - Text of the form "key=value,key=value" sets options; a backslash takes the next
     character literally; an unknown key, a value out of range or a key given twice is
     refused.  A specification is "name" or "name:key=value,...".
   - Macros that declare tables of parameters (GRADUS_FIELD) are C11; the rest is C99 and
     C++.

   Threads.  Between calls the library keeps nothing but what its objects hold.  Distinct
   runs on distinct problems may run in distinct threads at once, and give the bits that
   they give one after the other; one method may serve them all.  Apart from that an object
   is for one thread at a time.

   The number of OpenBLAS's threads is the process's.  Whenever a problem is created,
   opened or wrapped, and so at the beginning of gradus_minimize, Gradus sets it to one if
   it is not and asks it back (GRADUS_EUNSUPPORTED when it stays); it sets it nowhere else
   and does not restore it.  The reason: Gradus's own parallelism, asked for as THREADS,
   gives the same bits for any number of threads, and OpenBLAS's does not.  Who wants
   OpenBLAS's threads for other work sets them after the last problem was opened, and back
   to one before the next update.

   After fork() the child may go on with whatever the parent had open.  OpenMP's threads do
   not survive a fork, so that in the child's first thread runs make do with one, and give the
   same bits; when the parent had runs with several threads, so do regions of the child's own
   there (omp_set_max_active_levels is 0).  Threads that the child begins are as ever.  */

#ifndef GRADUS_H
#define GRADUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GRADUS_API __attribute__((visibility("default")))

/* ---- Errors: mistakes of the caller or the system --------------------------------- */

#define GRADUS_ERROR_LIST(X)                                                               \
    X(GRADUS_OK, 0, "no error")                                                            \
    X(GRADUS_EINPUT, 1, "mistake in the call or the input")                                \
    X(GRADUS_EUNSUPPORTED, 2, "the method needs what the problem cannot do")               \
    X(GRADUS_ENOMEM, 3, "out of memory")                                                   \
    X(GRADUS_EIO, 4, "a file could not be written")                                        \
    X(GRADUS_EFUNCTION, 5, "a function of the caller's returned an error code")            \
    X(GRADUS_EINTERRUPTED, 6, "the run was interrupted")

#define GRADUS_ENUM_ROW(name, code, text) name = (code),
typedef enum gradus_err { GRADUS_ERROR_LIST(GRADUS_ENUM_ROW) } gradus_err;

enum { GRADUS_TEXT_SIZE = 1024 };
typedef struct gradus_error {
    gradus_err code;
    char text[GRADUS_TEXT_SIZE]; /* one sentence, without a final full stop or newline */
} gradus_error;

/* Sets *WHY (when not NULL) from a printf format, cut to size, and returns CODE: for
   functions of the caller's own that report as the library does.  */
GRADUS_API gradus_err gradus_fail(gradus_error *why, gradus_err code, const char *format,
                                  ...) __attribute__((format(printf, 3, 4)));

/* ---- Stop reasons: results, not errors -------------------------------------------- */

/* Positive: stopped as asked.  Negative: the method could not go on.  */
#define GRADUS_STOP_LIST(X)                                                                \
    X(GRADUS_FAIL_REFUSED, -19, "refused",                                                 \
      "the method does not suit the problem or the run")                                   \
    X(GRADUS_FAIL_ASYMMETRIC, -18, "hessian_asymmetric", "the Hessian is not symmetric")   \
    X(GRADUS_FAIL_HESSIAN, -17, "hessian_not_finite",                                      \
      "the Hessian, or what stands for it, is not finite")                                 \
    X(GRADUS_FAIL_EVALUATION, -16, "evaluation_failed",                                    \
      "the problem returned an error code")                                                \
    X(GRADUS_FAIL_NOISE, -15, "noise",                                                     \
      "the value is noisy or jumps, by more than rounding, where a decrease was promised") \
    X(GRADUS_FAIL_KINK, -14, "kink",                                                       \
      "the function has a kink here: it goes up on both sides, at slopes that differ")     \
    X(GRADUS_FAIL_NOT_FINITE, -13, "not_finite",                                           \
      "value or gradient is not finite at any step along steepest descent")                \
    X(GRADUS_FAIL_UNBOUNDED, -12, "unbounded", "the value falls without bound")            \
    X(GRADUS_FAIL_SEARCH_EVALUATIONS, -11, "search_evaluations",                           \
      "the line search used up maximum_evaluations, along steepest descent too")           \
    X(GRADUS_FAIL_SIGN, -10, "gradient_sign", "the gradient has the wrong sign")           \
    X(GRADUS_FAIL_GRADIENT, -9, "gradient_inconsistent",                                   \
      "the gradient is not that of the value")                                             \
    X(GRADUS_FAIL_STATIONARY, -8, "stationary", "the gradient is exactly zero")            \
    X(GRADUS_FAIL_SINGULAR, -7, "singular",                                                \
      "the Hessian, or what stands for it, is singular to working precision")              \
    X(GRADUS_FAIL_EIGENDECOMPOSITION, -6, "eigendecomposition",                            \
      "the eigendecomposition failed or its input was not finite")                         \
    X(GRADUS_FAIL_NOT_DESCENT, -5, "not_descent", "no descent direction was found")        \
    X(GRADUS_FAIL_ROUNDING, -4, "rounding",                                                \
      "no further decrease can be resolved in double precision")                           \
    X(GRADUS_FAIL_LINE_SEARCH, -3, "line_search",                                          \
      "the line search found no acceptable step, along steepest descent too")              \
    X(GRADUS_FAIL_DIVERGED, -2, "diverged", "value or gradient became not finite")         \
    X(GRADUS_FAIL_START, -1, "start_not_finite",                                           \
      "value or gradient not finite at the start")                                         \
    X(GRADUS_RUNNING, 0, "running", "running")                                             \
    X(GRADUS_STOP_GRADIENT, 1, "gradient_tolerance", "gradient norm below the tolerance")  \
    X(GRADUS_STOP_VALUE, 2, "value_tolerance",                                             \
      "relative change of the value below the tolerance")                                  \
    X(GRADUS_STOP_STEP, 3, "step_tolerance", "relative step below the tolerance")          \
    X(GRADUS_STOP_TARGET, 4, "target", "target value reached")                             \
    X(GRADUS_STOP_UPDATES, 5, "updates", "budget of updates spent")                        \
    X(GRADUS_STOP_PASSES, 6, "passes", "budget of passes spent")                           \
    X(GRADUS_STOP_EVALUATIONS, 7, "evaluations", "budget of evaluations spent")            \
    X(GRADUS_STOP_CPU, 8, "cpu_seconds", "budget of CPU-seconds spent")                    \
    X(GRADUS_STOP_WALL, 9, "wall_seconds", "budget of wall-seconds spent")                 \
    X(GRADUS_STOP_INTERRUPTED, 10, "interrupted", "interrupted")

#define GRADUS_STOP_ENUM_ROW(name, code, word, text) name = (code),
typedef enum gradus_stop { GRADUS_STOP_LIST(GRADUS_STOP_ENUM_ROW) } gradus_stop;

/* The reason as one word, "gradient_tolerance", and as a sentence without a full stop;
   never NULL.  */
GRADUS_API const char *gradus_stop_word(gradus_stop stop);
GRADUS_API const char *gradus_stop_text(gradus_stop stop);

/* What there is to say of this one stop beyond that: sizes, a coordinate.  */
enum { GRADUS_DETAIL_SIZE = 256 };

/* ---- Hyper-parameters, declared once ---------------------------------------------- */

/* A parameter struct has members of type double, long (integers and choices) and char *
   (text; owned by the struct) only.  Its table has one row per member, in order, and ends
   with {0}.  */
typedef enum gradus_kind { GRADUS_REAL = 1, GRADUS_INTEGER, GRADUS_TEXT } gradus_kind;

enum gradus_param_flags {
    GRADUS_OPEN_MINIMUM = 1, /* the minimum itself is not allowed */
    GRADUS_OPEN_MAXIMUM = 2,
    GRADUS_LOG = 4 /* natural scale is logarithmic: grids are geometric */
};

typedef struct gradus_param {
    const char *name; /* key on the command line and in studies, entry in the manual */
    size_t offset;    /* of the member */
    gradus_kind kind;
    double initial, minimum, maximum; /* default and range; numbers only */
    unsigned flags;
    const char *choices; /* "zca|pca": an integer member that holds the position */
    const char *unset;   /* the word for "not set", e.g. "none", which is then the default:
                            NaN in a double, LONG_MIN in a long, NULL in a text */
    const char *text;    /* default of a text without `unset` */
    struct {
        double low, high;
        int points; /* 0: not for tuning */
    } grid;
    const char *help; /* one sentence */
} gradus_param;

/* Name, offset and kind of member F of struct T.  The kind follows from the type.  */
#define GRADUS_FIELD(T, f)                                                                 \
    .name = #f, .offset = offsetof(T, f),                                                  \
    .kind = _Generic(((T *)0)->f, double: GRADUS_REAL, long: GRADUS_INTEGER,               \
                     char *: GRADUS_TEXT)

/* The same for member F of the part P of T, P being a struct of type TP.  */
#define GRADUS_FIELD_OF(T, P, TP, f)                                                       \
    .name = #f, .offset = offsetof(T, P) + offsetof(TP, f),                                \
    .kind = _Generic(((TP *)0)->f, double: GRADUS_REAL, long: GRADUS_INTEGER,              \
                     char *: GRADUS_TEXT)

/* ---- Random numbers ---------------------------------------------------------------- */

/* A source of independent random numbers that follow from the run's seed (Matsumoto and
   Nishimura, "Mersenne twister", ACM TOMACS 8(1), 1998).  A problem gets one for its start,
   and does not keep it.  */
typedef struct gradus_stream gradus_stream;
GRADUS_API double gradus_stream_uniform(gradus_stream *stream); /* in [0, 1) */
GRADUS_API double gradus_stream_normal(gradus_stream *stream);  /* N(0, 1) */
/* Each of 0, ..., BOUND-1 alike; BOUND is at least 1.  */
GRADUS_API size_t gradus_stream_below(gradus_stream *stream, size_t bound);

/* ---- Problems ----------------------------------------------------------------------- */

/* The examples of one evaluation: rows[0..count-1], or 0..count-1 when rows is NULL.  */
typedef struct gradus_batch {
    size_t count;
    const size_t *rows;
} gradus_batch;

/* One fully connected layer: outputs = W inputs + b.  */
#define GRADUS_NO_BIASES ((size_t)-1)
typedef struct gradus_layer {
    size_t inputs, outputs;
    size_t weights; /* offset of W in the parameter vector, outputs x inputs */
    size_t biases;  /* offset of b, or GRADUS_NO_BIASES */
} gradus_layer;

/* A layer's part of a gradient times a matrix on either side.  With the inputs h, the
   derivative d in the outputs and sums over examples it is

     dW = sum N d (M (h - c))',   db = sum N d (u - c'M (h - c)),

   which is N [gW gb] P for P = [M, -M c; -c'M, u + c'M c] and the plain gradient [gW gb].  Where
   M is NULL the layer is left alone.  */
typedef struct gradus_layer_map {
    const double *center; /* c: inputs; zero for a layer without biases */
    const double *matrix; /* M: inputs x inputs, symmetric; NULL: the layer is not mapped */
    size_t stride;        /* doubles between the rows of M */
    double unit;          /* u */
    const double *signals; /* N: outputs x outputs, symmetric; NULL: I */
} gradus_layer_map;

/* A gradient with maps, and how long it was without them: what clipping asks for.  */
typedef struct gradus_mapping {
    const gradus_layer_map *layers; /* one a layer */
    bool wants_square, wants_product;
    double square;  /* g'g, g being the plain gradient, when wanted */
    double product; /* the sum of g_i u_i over the mapped layers, u being the gradient with
                       maps, when wanted */
} gradus_mapping;

/* Examples that a gradient with maps may be over.  */
#define GRADUS_MOST_MAPPED 512

/* Measurements on data that are not trained on; NaN where there is none.  */
typedef struct gradus_metrics {
    double value, accuracy;
} gradus_metrics;

typedef enum gradus_subset { GRADUS_TEST, GRADUS_VALIDATION } gradus_subset;

/* What a problem is.  Everything below `evaluate` is optional: an entry that is NULL is
   something the problem cannot do.  `layers`, `layer` and `inputs` go together, and so do
   `ray`, `along` and `features`, and `subset_examples` and `measure`.  An evaluation returns GRADUS_OK with a value that is
   not finite where the function is not defined; errors are for lack of memory and the
   like.  Every number that an entry is to write it sets: arrays are not zeroed, and of a
   type of the caller's own one that was not written ends the run with GRADUS_EINPUT.  No
   entry but `open` and `close` may allocate.  */
typedef struct gradus_problem_type {
    const char *name, *brief; /* spelling in a specification; one line */
    const char *formula, *citation;
    size_t size; /* of the instance, zeroed before open */
    size_t params_size;
    const gradus_param *params;

    /* THREADS is how many OpenMP threads an evaluation may use.  The results must not
       depend on it.  `close` must accept a half-opened instance.  */
    gradus_err (*open)(void *self, const void *params, size_t threads, gradus_error *why);
    void (*close)(void *self);
    size_t (*dimension)(const void *self);
    size_t (*examples)(const void *self); /* NULL: one */
    /* NULL: there is none, and every run is given its own.  */
    void (*start)(const void *self, gradus_stream *stream, double x[]);

    /* Value and gradient of the average over BATCH, regulariser included.  Either of
       VALUE and GRADIENT may be NULL, not both.  */
    gradus_err (*evaluate)(void *self, const gradus_batch *batch, const double x[],
                           double *value, double gradient[]);

    /* RESULT = (Hessian at X of the same average) V.  */
    gradus_err (*product)(void *self, const gradus_batch *batch, const double x[],
                          const double v[], double result[]);
    /* The same matrix, dimension x dimension.  */
    gradus_err (*hessian)(void *self, const gradus_batch *batch, const double x[],
                          double matrix[]);
    /* Its diagonal.  */
    gradus_err (*diagonal)(void *self, const gradus_batch *batch, const double x[],
                           double diagonal[]);
    /* RESULT = G V, G = mean of J' L J plus the regulariser's Hessian: J is the Jacobian of
       the outputs of one example, L the Hessian of its loss in the outputs (Schraudolph,
       Neural Computation 14(7), 2002).  Positive semidefinite for a convex loss.  */
    gradus_err (*gauss_newton)(void *self, const gradus_batch *batch, const double x[],
                               const double v[], double result[]);

    /* A preconditioner: a symmetric positive definite M near (Hessian at X of the average
       over BATCH) + DAMPING I.  It is kept, with what memory it needs to work, in numbers
       of the caller's, preconditioner_size of them; 0: this instance has none.  `prepare`
       finds M and `precondition` is RESULT = M^-1 V, which may be the same array.  */
    size_t (*preconditioner_size)(const void *self);
    gradus_err (*prepare)(void *self, const gradus_batch *batch, const double x[],
                          double damping, double memory[]);
    gradus_err (*precondition)(void *self, double memory[], const double v[],
                               double result[]);

    /* Cheaper trials on a ray, for line searches.  A linear model that knows the outputs of
       X and of DIRECTION knows those of X + STEP DIRECTION without the data.  `ray` takes
       in X, DIRECTION and BATCH, none of which it may borrow, at no more than the cost of a
       value.  `along`, until the next call of another entry that evaluates, says VALUE and
       SLOPE, the derivative in STEP, of the average over BATCH at X + STEP DIRECTION,
       regulariser included: what `evaluate` would say there, but for rounding.  Step 0 may
       be asked for, and negative ones.  By how much a trial is cheaper than a value,
       `features` says, at least 1: of a linear model their number.  A search evaluates
       the point that it accepts in full.  */
    gradus_err (*ray)(void *self, const gradus_batch *batch, const double x[],
                      const double direction[]);
    gradus_err (*along)(void *self, double step, double *value, double *slope);
    size_t (*features)(const void *self);

    /* The layer view: how many; their shapes, in the order of their parameters, the weights
       of one before its biases; and the inputs of every layer on BATCH, inputs[layer] being
       batch->count x layer.inputs (a NULL entry is skipped).  */
    size_t (*layers)(const void *self);
    void (*layer)(const void *self, size_t index, gradus_layer *out);
    gradus_err (*inputs)(void *self, const gradus_batch *batch, const double x[],
                         double *const inputs[]);
    /* The same and, batch->count x layer.outputs, the derivatives of every example's own
       loss, without the regulariser, in the outputs of every layer.  The loss is that of
       the data, or with TARGETS of a target drawn from what the model predicts, example by
       example.  */
    gradus_err (*signals)(void *self, const gradus_batch *batch, gradus_stream *targets,
                          const double x[], double *const inputs[],
                          double *const signals[]);
    /* `evaluate` with MAPPING in the gradient, over at most GRADUS_MOST_MAPPED examples.  It
       cannot be had where there is a regulariser.  */
    gradus_err (*mapped_gradient)(void *self, const gradus_batch *batch, const double x[],
                                  gradus_mapping *mapping, double *value,
                                  double gradient[]);

    /* Value, without the regulariser, and accuracy on the first COUNT of data that are not
       trained on; subset_examples says how many there are, 0 for none.  */
    size_t (*subset_examples)(const void *self, gradus_subset subset);
    gradus_err (*measure)(void *self, gradus_subset subset, size_t count, const double x[],
                          gradus_metrics *out);

    /* Of a problem whose outputs are to be its inputs: both for the first COUNT examples of
       the test data, or of the training data where there are fewer; COUNT x inputs of layer
       0 each.  */
    gradus_err (*reconstruct)(void *self, size_t count, const double x[], double inputs[],
                              double outputs[]);

    /* The INDEX-th known minimiser into X; false when there are no more.  */
    bool (*minimum)(const void *self, size_t index, double x[]);
    /* A number that no eigenvalue of the Hessian, over all examples, is less than anywhere;
       0 when none above 0 is known.  */
    double (*strong_convexity)(const void *self);

    /* Where the data came from, for the record: calls EMIT once per file.  */
    void (*sources)(const void *self,
                    void (*emit)(void *context, const char *path, const char *checksum),
                    void *context);

    /* Running averages over batches, where examples are normalised together: how many
       numbers, 0 for none, all 0 at the start of a run; what `evaluate` and `measure` are to
       use from here on, NULL for the batch's own statistics; and folding those of the last
       gradient that was evaluated so into AVERAGES.  The three go together.  */
    size_t (*averages)(const void *self);
    void (*measure_with)(void *self, const double averages[]);
    void (*fold)(const void *self, double averages[]);

    /* Abilities (enum gradus_ability) that the entries promise and this instance, with its
       parameters, does not have; NULL: none.  */
    unsigned (*lacks)(const void *self);
} gradus_problem_type;

/* What a problem can do and a method can need.  */
enum gradus_ability {
    GRADUS_CAN_PRODUCT = 1,       /* Hessian-vector products */
    GRADUS_CAN_HESSIAN = 2,       /* dense Hessian */
    GRADUS_CAN_LAYERS = 4,        /* the layer view */
    GRADUS_CAN_DIAGONAL = 8,      /* diagonal of the Hessian */
    GRADUS_CAN_GAUSS_NEWTON = 16, /* Gauss-Newton products */
    GRADUS_CAN_SIGNALS = 32,      /* the layer view with back-propagated signals */
    GRADUS_CAN_PRECONDITION = 64, /* a preconditioner of the problem's own */
    GRADUS_CAN_MAP = 128,         /* gradients with maps */
    GRADUS_CAN_CURVATURE = 256    /* Hessian-vector products or a dense Hessian */
};

typedef struct gradus_problem gradus_problem;

/* Opens a problem of the library from a specification.  Its evaluations may use THREADS
   OpenMP threads; 0 is 1.  GRADUS_EINPUT for a name, key, value or data file that is not
   as it should be; GRADUS_ENOMEM.  */
GRADUS_API gradus_err gradus_problem_create(gradus_problem **out, const char *spec,
                                            size_t threads, gradus_error *why);
/* The same for a type of the caller's own, which must outlive the problem; OPTIONS is
   "key=value,..." or NULL.  GRADUS_EINPUT also when the type lacks `name`, `open`,
   `dimension` or `evaluate`, and when there are no parameters or examples.  */
GRADUS_API gradus_err gradus_problem_open(gradus_problem **out,
                                          const gradus_problem_type *type,
                                          const char *options, size_t threads,
                                          gradus_error *why);
/* Wraps an instance SELF that the caller opened, and closes after the problem.  `open`,
   `close` and the table of parameters are not looked at.  */
GRADUS_API gradus_err gradus_problem_wrap(gradus_problem **out,
                                          const gradus_problem_type *type, void *self,
                                          size_t threads, gradus_error *why);
/* After the runs on it.  */
GRADUS_API void gradus_problem_close(gradus_problem *problem);

/* What was opened: its type, the number of parameters, of training examples (1 for a plain
   function), and what it can do, enum gradus_ability.  */
GRADUS_API const gradus_problem_type *
gradus_problem_get_type(const gradus_problem *problem);
GRADUS_API size_t gradus_problem_dimension(const gradus_problem *problem);
GRADUS_API size_t gradus_problem_examples(const gradus_problem *problem);
GRADUS_API unsigned gradus_problem_abilities(const gradus_problem *problem);
/* How far above the minimum the value can be, at most, where the gradient over all examples
   has GRADIENT_NORM: its square over twice the problem's strong_convexity (Nesterov,
   "Lectures on convex optimization", 2018, theorem 2.1.10), but for the rounding of the
   gradient.  NaN when no strong convexity is known.  */
GRADUS_API double gradus_problem_gap_bound(const gradus_problem *problem,
                                           double gradient_norm);

/* ---- What a method sees: the oracle ------------------------------------------------- */

/* The only door from a method to a problem.  It holds the batch of the current update and
   counts and times every evaluation.  What the functions below return is the problem's own
   code, which a method passes on at once.  */
typedef struct gradus_oracle gradus_oracle;

/* Length of every vector; OpenMP threads that the method may use; whether the batch is all
   examples, at every update.  */
GRADUS_API size_t gradus_oracle_dimension(const gradus_oracle *oracle);
GRADUS_API size_t gradus_oracle_threads(const gradus_oracle *oracle);
GRADUS_API bool gradus_oracle_full_batch(const gradus_oracle *oracle);
GRADUS_API size_t gradus_oracle_batch_size(const gradus_oracle *oracle);

/* Of the average over the current batch, at X: value and gradient (VALUE may be NULL),
   value alone, Hessian-vector product, and dense Hessian, dimension x dimension.  Products
   and Hessians are for methods that need them.  In full batch the last point is
   remembered: asking for its value or gradient again costs nothing and is not counted.  */
GRADUS_API gradus_err gradus_oracle_gradient(gradus_oracle *oracle, const double x[],
                                             double *value, double gradient[]);
GRADUS_API gradus_err gradus_oracle_value(gradus_oracle *oracle, const double x[],
                                          double *value);
GRADUS_API gradus_err gradus_oracle_product(gradus_oracle *oracle, const double x[],
                                            const double v[], double result[]);
GRADUS_API gradus_err gradus_oracle_hessian(gradus_oracle *oracle, const double x[],
                                            double matrix[]);
/* The Hessian's diagonal, billed as a gradient evaluation, and a Gauss-Newton product,
   billed as a product.  */
GRADUS_API gradus_err gradus_oracle_diagonal(gradus_oracle *oracle, const double x[],
                                             double diagonal[]);
GRADUS_API gradus_err gradus_oracle_gauss_newton(gradus_oracle *oracle, const double x[],
                                                 const double v[], double result[]);
/* What can be asked beyond value and gradient, enum gradus_ability: a method's choice where
   it needs nothing.  Diagonal and preconditioner are not to be had in other coordinates
   than the problem's.  */
GRADUS_API unsigned gradus_oracle_abilities(const gradus_oracle *oracle);

/* Cheaper trials on a ray.  `has_ray` says whether the problem offers them.  `ray` takes in
   the ray from X along DIRECTION on the current batch, borrowing neither, and is billed as a
   value.  `along`, until the next evaluation or product, says value and slope, the derivative
   in STEP, at X + STEP DIRECTION, which differ by rounding from what a gradient there says;
   it is billed as a value of the batch's examples divided by the problem's features, and
   counted apart as a ray evaluation.  */
GRADUS_API bool gradus_oracle_has_ray(const gradus_oracle *oracle);
GRADUS_API gradus_err gradus_oracle_ray(gradus_oracle *oracle, const double x[],
                                        const double direction[]);
GRADUS_API gradus_err gradus_oracle_along(gradus_oracle *oracle, double step, double *value,
                                          double *slope);

/* Updates of the run before this one, and the passes over the training data that their
   batches make up.  */
GRADUS_API size_t gradus_oracle_updates(const gradus_oracle *oracle);
GRADUS_API double gradus_oracle_epoch(const gradus_oracle *oracle);
/* The number of validation examples, and the value on them, of which there must be some;
   billed as a value of as many examples.  */
GRADUS_API size_t gradus_oracle_validation_examples(const gradus_oracle *oracle);
GRADUS_API gradus_err gradus_oracle_validation(gradus_oracle *oracle, const double x[],
                                               double *value);

/* The layer view, for methods that need it: how many layers; the shape of one, INDEX from
   0; how many training examples there are.  `sample` draws COUNT distinct training examples
   (fewer when there are not so many) for statistics, sorted, into rows[COUNT], and returns
   how many.  `inputs` and `signals`, at the canonical point X, look at it, a part at a time
   or whole: they are billed as a gradient evaluation of their examples, and count as one a
   sample.  */
GRADUS_API size_t gradus_oracle_layers(const gradus_oracle *oracle);
GRADUS_API void gradus_oracle_layer(const gradus_oracle *oracle, size_t index,
                                    gradus_layer *out);
GRADUS_API size_t gradus_oracle_sample(gradus_oracle *oracle, size_t count, size_t rows[]);
GRADUS_API size_t gradus_oracle_examples(const gradus_oracle *oracle);
GRADUS_API gradus_err gradus_oracle_inputs(gradus_oracle *oracle, const gradus_batch *batch,
                                           const double x[], double *const inputs[]);
/* Inputs and signals likewise; DRAWN: of targets drawn from the model's prediction.  */
GRADUS_API gradus_err gradus_oracle_signals(gradus_oracle *oracle,
                                            const gradus_batch *batch, bool drawn,
                                            const double x[], double *const inputs[],
                                            double *const signals[]);
/* The gradient over the current batch with MAPPING, billed as any.  */
GRADUS_API gradus_err gradus_oracle_mapped_gradient(gradus_oracle *oracle, const double x[],
                                                    gradus_mapping *mapping, double *value,
                                                    double gradient[]);

/* The problem's preconditioner, as in gradus_problem_type.  `prepare` is billed as a gradient
   evaluation of its examples.  */
GRADUS_API size_t gradus_oracle_preconditioner_size(const gradus_oracle *oracle);
GRADUS_API gradus_err gradus_oracle_prepare(gradus_oracle *oracle,
                                            const gradus_batch *batch, const double x[],
                                            double damping, double memory[]);
GRADUS_API gradus_err gradus_oracle_precondition(gradus_oracle *oracle, double memory[],
                                                 const double v[], double result[]);

/* From here to the end of the update, products, Hessians and diagonals are over BATCH,
   borrowed, instead of the current batch; NULL: over that again.  */
GRADUS_API void gradus_oracle_set_curvature(gradus_oracle *oracle,
                                            const gradus_batch *batch);

/* Where the time goes.  Evaluations, products and the problem's preconditioner are told
   apart by themselves; a method that searches along a line or decomposes a matrix says so.
   Phases nest; each is charged what its inner ones are not.  */
typedef enum gradus_phase {
    GRADUS_PHASE_REST,
    GRADUS_PHASE_EVALUATION,
    GRADUS_PHASE_PRODUCT,
    GRADUS_PHASE_EIGENDECOMPOSITION,
    GRADUS_PHASE_LINE_SEARCH,
    GRADUS_PHASE_PRECONDITIONER,
    GRADUS_PHASES
} gradus_phase;
GRADUS_API void gradus_oracle_enter(gradus_oracle *oracle, gradus_phase phase);
GRADUS_API void gradus_oracle_leave(gradus_oracle *oracle);

/* ---- Methods ------------------------------------------------------------------------ */

/* The memory of a method.  `open` asks for its vectors here; they arrive zeroed and are
   freed by the run.  A vector has a name and is part of a checkpoint; scratch is not.  When
   memory runs out the result is NULL and the run refuses to open, so `open` tests
   nothing, but must not touch what it got.  */
typedef struct gradus_state gradus_state;
GRADUS_API double *gradus_state_vector(gradus_state *state, const char *name, size_t count);
GRADUS_API void *gradus_state_scratch(gradus_state *state, size_t count, size_t size);
/* Members of the method's own struct that a checkpoint must hold.  */
GRADUS_API void gradus_state_keep_real(gradus_state *state, const char *name,
                                       double *member);
GRADUS_API void gradus_state_keep_size(gradus_state *state, const char *name,
                                       size_t *member);
/* Of a size that the method uses as an index or a count of what it has: no checkpoint in which
   it is above LARGEST is taken up.  */
GRADUS_API void gradus_state_bound(gradus_state *state, const size_t *member,
                                   size_t largest);
/* When the coordinates of a run change on the way, a method begins anew: its struct and its
   memory are zeroed and `open` is called again.  What is carried does not change, KEPT being
   a member that a checkpoint holds, or (a vector of as many numbers as there are
   parameters) the same point or displacement in the new coordinates.  */
GRADUS_API void gradus_state_carry(gradus_state *state, const void *kept);

/* What one step reports.  Arrives zeroed, the numbers as NaN: there is none.  */
typedef struct gradus_report {
    gradus_stop stop;     /* set when the method cannot go on; X must then be untouched */
    double learning_rate; /* rate or step length used */
    double damping;       /* what was added to the curvature, times I */
    double reduction;     /* the value's change, in units of what the model promised */
    char detail[GRADUS_DETAIL_SIZE]; /* of the stop; may stay empty */
} gradus_report;

typedef struct gradus_method_type {
    const char *name, *brief;
    const char *formula, *citation; /* the update rule and where it is defined */
    const char *notes;              /* how this form differs from others; may be NULL */
    unsigned needs;                 /* enum gradus_ability */
    size_t size;                    /* of the method's own struct, zeroed before open */
    size_t params_size;
    const gradus_param *params;

    /* Relations between parameters; may be NULL.  */
    gradus_err (*check)(const void *params, gradus_error *why);
    /* Keeps PARAMS (which outlives the run) and asks for memory.  */
    gradus_err (*open)(void *self, const void *params, gradus_oracle *oracle,
                       gradus_state *state, gradus_error *why);
    /* One update: moves X, in the coordinates of the run, which the oracle speaks too, by
       what evaluations on the oracle's batch it needs.  It allocates nothing, reads no
       clock and prints nothing.  A method that cannot go on leaves X alone, sets
       report->stop and returns GRADUS_OK.  An error of the oracle's it returns at once, with
       X as it may be: the run takes an update that was interrupted back.  */
    gradus_err (*step)(void *self, gradus_oracle *oracle, double x[],
                       gradus_report *report);
} gradus_method_type;

typedef struct gradus_method gradus_method;

/* A method of the library from a specification, or of a type of the caller's own (which
   must outlive it) with OPTIONS, "key=value,..." or NULL.  GRADUS_EINPUT for a name, key or
   value that is not as it should be, for parameters that `check` refuses, and when the
   type lacks `name`, `open` or `step`; GRADUS_ENOMEM.  One method serves any number of
   runs, also at once, and is closed after them.  */
GRADUS_API gradus_err gradus_method_create(gradus_method **out, const char *spec,
                                           gradus_error *why);
GRADUS_API gradus_err gradus_method_open(gradus_method **out,
                                         const gradus_method_type *type,
                                         const char *options, gradus_error *why);
GRADUS_API void gradus_method_close(gradus_method *method);
GRADUS_API const gradus_method_type *gradus_method_get_type(const gradus_method *method);

/* ---- Runs --------------------------------------------------------------------------- */

/* What a measurement says; NaN where it does not apply.  The columns of a trace.  */
typedef struct gradus_row {
    size_t update;
    double epoch, passes;
    size_t value_evaluations, gradient_evaluations, products, ray_evaluations;
    double cpu_seconds, wall_seconds;
    double train_value, gradient_norm, step_norm, learning_rate;
    double damping, reduction; /* of the last update */
    gradus_metrics test, validation;
    double phase_seconds[GRADUS_PHASES]; /* add up to cpu_seconds */
} gradus_row;

typedef struct gradus_run gradus_run;

/* Opens a run from START (dimension numbers; NULL: the problem's own start).  OPTIONS is
   "key=value,..." or NULL; the keys are those of the table `gradus_run_params`, which ends
   with {0}.  PROBLEM and METHOD are borrowed until the run is closed; START is copied.
   GRADUS_EUNSUPPORTED when the method needs what the problem cannot do; GRADUS_EINPUT for
   options that do not fit, and without START when the problem has none; GRADUS_ENOMEM.  All
   memory that updates need is taken here.  */
GRADUS_API gradus_err gradus_run_open(gradus_run **out, gradus_problem *problem,
                                      const gradus_method *method, const double start[],
                                      const char *options, gradus_error *why);
/* One update; billed.  After it gradus_run_stop may be negative, or say that the run was
   interrupted: the parameters are then those of the last update.  An error is what an evaluation returned, a code of the
   caller's own problem too, and unlike a stop ends the run for good.  */
GRADUS_API gradus_err gradus_run_step(gradus_run *run, gradus_error *why);
/* Whether to go on, by budgets, tolerances and target; evaluates what it needs, which is
   billed only if the method uses it too.  */
GRADUS_API gradus_stop gradus_run_test(gradus_run *run);
/* Whether the trace has a row at this update.  */
GRADUS_API bool gradus_run_due(const gradus_run *run);
/* Measures the current point into ROW; not billed.  EVERYTHING: over all data,
   whatever measure_examples and measure_test_examples say.  In full batch, after
   gradus_run_test, it evaluates nothing anew but test and validation data.  Returns what an evaluation returned.  */
GRADUS_API gradus_err gradus_run_measure(gradus_run *run, bool everything, gradus_row *row,
                                         gradus_error *why);
/* Why the run ended; GRADUS_RUNNING while it has not.  */
GRADUS_API gradus_stop gradus_run_stop(const gradus_run *run);
/* What a method that could not go on found out beyond the reason; "" when there is nothing
   more to say.  Borrowed from the run.  */
GRADUS_API const char *gradus_run_detail(const gradus_run *run);
/* The current point, canonical; borrowed until the run is closed, and changed by steps.  */
GRADUS_API const double *gradus_run_parameters(const gradus_run *run);
GRADUS_API size_t gradus_run_updates(const gradus_run *run); /* accepted so far */
/* Of them, those that moved nothing: a mini-batch whose gradient is zero does not end the run
   of a method that could not go on there in full batch.  */
GRADUS_API size_t gradus_run_unmoved(const gradus_run *run);
/* The least finite value measured or tested over all data, infinite before there is one,
   and where that was; NULL before.  Borrowed as above.  */
GRADUS_API double gradus_run_best_value(const gradus_run *run);
GRADUS_API const double *gradus_run_best_parameters(const gradus_run *run);
/* Ends the run: the evaluation at hand is the last one.  An update that needs no more is
   finished and counts; from any other gradus_run_step returns with the parameters where they
   were before.  Then, or between two updates, the stop is GRADUS_STOP_INTERRUPTED, unless
   another reason holds at the next gradus_run_test, and further steps do nothing.  May be
   called from a signal handler, and from another thread.  */
GRADUS_API void gradus_run_interrupt(gradus_run *run);
/* Leaves problem and method open.  */
GRADUS_API void gradus_run_close(gradus_run *run);

/* ---- Minimizing a function in one call ---------------------------------------------- */

/* Where a run is after an accepted update.  The arrays are borrowed for the call.  */
typedef struct gradus_iterate {
    size_t update;      /* 1, 2, 3, ...: each is shown once */
    size_t evaluations; /* calls of `evaluate` so far */
    size_t dimension;
    const double *x, *gradient;  /* dimension each: the accepted point, and its gradient */
    double value, gradient_norm; /* at X; the norm is Euclidean */
    double step_norm;            /* how far the update moved */
} gradus_iterate;

/* A function of the caller's, from R^dimension to R.  The four below get CONTEXT as it is
   here.  Arrays are given and taken back by the library: copy what must last.  `evaluate`,
   `product` and `hessian` return 0, or any other code, which ends the minimization and
   comes back as user_code.  Where the function is not defined, set a value that is not
   finite and return 0: a line search then tries a shorter step, and the gradient need not be
   set.  Else every entry must be: the arrays are not zeroed, and one that was not written
   ends the minimization with GRADUS_EINPUT and is named.  None is called from two
   threads at once by one minimization.  C++: none may throw.  */
typedef struct gradus_function {
    size_t dimension; /* at least 1 */

    /* Value and gradient at X; neither pointer is ever NULL.  */
    int (*evaluate)(void *context, size_t dimension, const double x[], double *value,
                    double gradient[]);
    /* RESULT = (Hessian at X) V.  NULL: there is none, and methods that need products
       (newton_cg) are refused.  */
    int (*product)(void *context, size_t dimension, const double x[], const double v[],
                   double result[]);
    /* The Hessian at X, dimension x dimension, symmetric.  NULL: none (newton).  */
    int (*hessian)(void *context, size_t dimension, const double x[], double matrix[]);
    /* Called once after every accepted update, never for a trial.  Another return value
       than 0 ends the run with GRADUS_STOP_INTERRUPTED unless it ended by itself.  NULL:
       none.  */
    int (*progress)(void *context, const gradus_iterate *now);

    void *context;
    size_t threads; /* of OpenMP, for the library's own sums; 0 is 1; same bits for any */
} gradus_function;

/* What came of it.  Point, value and gradient norm belong together.  */
typedef struct gradus_minimum {
    /* Why the run ended: positive as asked, negative when the method could not go on.  When
       there is an error, that is why: GRADUS_FAIL_REFUSED of a call that never began,
       GRADUS_FAIL_EVALUATION of a function that went wrong.  Never GRADUS_RUNNING.  */
    gradus_stop stop;
    gradus_err error;     /* as returned */
    int user_code;        /* what a function of the caller's returned to end it; else 0 */
    double value;         /* at the point returned; NaN when it was finite nowhere */
    double gradient_norm; /* there too; Euclidean */
    size_t updates;       /* accepted */
    size_t evaluations, products, hessians; /* every call of the caller's functions */
    double cpu_seconds, wall_seconds;       /* of set-up and updates, functions included */
    char text[GRADUS_TEXT_SIZE];            /* one sentence: why it ended */
} gradus_minimum;

/* Minimizes FUNCTION from X, x[dimension], where the point found is put.  METHOD is a
   specification, "lbfgs:memory=20"; NULL is "lbfgs".  OPTIONS is "key=value,..." with the
   keys of gradus_run_params, or NULL: then it goes on until the gradient norm is at most
   1e-6 or the method can do no more, without a budget ("updates=1000", "evaluations=5000",
   "wall_seconds=10").

   The point is that of least value among those accepted, whatever ended the run, an error
   included; only when it was the gradient tolerance is it the last one, where the tolerance
   holds, unless its value is above the least by more than the gradient explains.  The text
   says so when it is not the last one.  When no accepted value was finite X is as it was.

   Returns GRADUS_OK also when the method could not go on: look at result->stop.
   GRADUS_EFUNCTION when a function of the caller's returned a code; GRADUS_EINPUT and
   GRADUS_EUNSUPPORTED for a mistake in the call or in a function (an entry that was not
   written, a change of its x), GRADUS_ENOMEM; X is then as above.
   RESULT may not be NULL.  Nothing is left to close.

   It opens a run, tests, steps and closes, as a caller of gradus_run_* does.  */
GRADUS_API gradus_err gradus_minimize(const gradus_function *function, double x[],
                                      const char *method, const char *options,
                                      gradus_minimum *result);

/* ---- What there is ------------------------------------------------------------------ */

/* The library's problems and methods, NULL-terminated, and the options of a run, ended by
   {0}: with names, formulas, sources and tables of parameters.  */
GRADUS_API extern const gradus_problem_type *const gradus_problem_types[];
GRADUS_API extern const gradus_method_type *const gradus_method_types[];
GRADUS_API extern const gradus_param gradus_run_params[];

/* ---- Versions ----------------------------------------------------------------------- */

/* Of this header.  */
#define GRADUS_VERSION_MAJOR 0
#define GRADUS_VERSION_MINOR 1
#define GRADUS_VERSION_PATCH 0

/* Of the library that is linked, "0.1.0"; static.  */
GRADUS_API const char *gradus_version(void);
/* GRADUS_EINPUT, with a sentence, when a program that was compiled with the header of
   version MAJOR.MINOR cannot use this library: before 1.0 both numbers must agree; from
   then on the first, and the library may not be the older one.  GRADUS_CHECK_VERSION asks
   for the header that it stands in.  */
GRADUS_API gradus_err gradus_check_version(int major, int minor, gradus_error *why);
#define GRADUS_CHECK_VERSION(why)                                                          \
    gradus_check_version(GRADUS_VERSION_MAJOR, GRADUS_VERSION_MINOR, (why))

#ifdef __cplusplus
}
#endif

#endif
