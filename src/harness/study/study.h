/* A study: one problem, several methods, several seeds, read from a YAML file and checked
   in full before anything runs.  */

#ifndef GRADUS_HARNESS_STUDY_STUDY_H
#define GRADUS_HARNESS_STUDY_STUDY_H

#include "core/settings.h"
#include "gradus.h"
#include "harness/measure/measurement.h"

/* The study at one of the varied values, or as it is when nothing varies.  */
typedef struct gradus_variant {
    char *value;        /* as the study spells it; NULL when nothing varies */
    char *suffix;       /* of file names: "-" and the value, or "" */
    double number;      /* the value; NaN when it is not a number */
    char *problem_spec; /* the problem as a specification */
    double *targets;    /* as many as the study has; NaN: not known yet */
    double minimum;     /* from which gaps are counted; NaN: none is named */
} gradus_variant;

/* A method in a race, under its label.  */
typedef struct gradus_entrant {
    const gradus_variant *variant;
    char *label; /* unique in its variant, safe as a file name */
    size_t line; /* in the study file */
    gradus_method *method;
    char *spec;          /* the method as a specification */
    gradus_settings run; /* batch, budget, tolerances, measuring; the seed left open */
    char *refused;       /* why, where the method does not suit this variant; else NULL */
} gradus_entrant;

/* A grid of starts in the plane.  */
typedef struct gradus_starts {
    size_t points; /* along either side; 0: there is no grid */
    double low[2], high[2];
} gradus_starts;

/* A sentence, and the check that decides whether it holds.  */
typedef struct gradus_claim {
    char *id, *that, *check;
    size_t line; /* of the check, in the study file */
    bool timed;  /* the check asks how long something took */
} gradus_claim;

typedef struct gradus_study {
    char *path, *text; /* the file, as named and verbatim */
    char *name;        /* safe as a file name */
    char *question;    /* NULL: none */
    char *varied;      /* "problem", "problem.condition", ...; NULL: nothing */
    gradus_variant *variants;
    size_t variant_count; /* at least one */
    const gradus_problem_type *problem_type;
    size_t problem_line;
    gradus_settings run; /* what every method has unless it says otherwise, in the first
                            variant */
    long *seeds;
    size_t seed_count, target_count;
    char **reference;         /* of every target: the method whose best it is, or NULL */
    size_t baseline;          /* position of the entrant that others are compared with */
    gradus_entrant *entrants; /* ENTRANT_COUNT for every variant, variant by variant */
    size_t entrant_count;
    gradus_starts starts;
    size_t starts_line;
    const gradus_measurement **record; /* what is measured in addition */
    size_t record_count;
    gradus_claim *claims;
    size_t claim_count;
    double *profiles; /* tolerances */
    size_t profile_count;
    struct gradus_tuning *tuning; /* NULL: no method is tuned */
} gradus_study;

typedef enum gradus_select {
    GRADUS_SELECT_TRAINING,
    GRADUS_SELECT_BEST,
    GRADUS_SELECT_VALIDATION,
    GRADUS_SELECTS
} gradus_select;
/* "training_value", ...; ends with NULL.  */
extern const char *const gradus_select_names[GRADUS_SELECTS + 1];

/* A method that is tuned.  */
typedef struct gradus_tuned {
    size_t entrant;           /* position among the study's entrants */
    bool has_untuned;         /* the next entrant is the same method as it stands */
    bool quasi_random;        /* else a grid */
    const gradus_param **key; /* what is searched */
    size_t keys;
    size_t line;
} gradus_tuned;

struct gradus_tuning {
    gradus_study trials; /* TRIALS_EACH entrants of every method; has only what runs need */
    gradus_tuned *tuned;
    size_t methods, trials_each;
    gradus_select select;
    size_t select_line;      /* where the study names it */
    bool untuned;            /* the methods race as they stand too */
    gradus_settings *budget; /* of the trials, when it is their own; else NULL */
};

gradus_err gradus_study_open(gradus_study *study, const char *path, gradus_error *why);
/* PATH is then for messages only.  */
gradus_err gradus_study_open_text(gradus_study *study, const char *path, const char *text,
                                  gradus_error *why);
void gradus_study_close(gradus_study *study); /* accepts a half-opened one */

/* Of COUNT entrants; accepts NULL and half-opened ones.  */
void gradus_entrants_close(gradus_entrant *entrants, size_t count);

/* The runs in their order: value by value, in it seed by seed, in it method by method.  */
size_t gradus_study_runs(const gradus_study *study);
const gradus_entrant *gradus_study_entrant(const gradus_study *study, size_t run);
long gradus_study_seed(const gradus_study *study, size_t run);

/* Whether the study's question is one of time: a budget is in seconds, or a claim speaks of
   CPU or wall.  */
bool gradus_study_is_timed(const gradus_study *study);

/* The variable that the study varies: "condition" of "problem.condition".  */
const char *gradus_study_variable(const gradus_study *study);

/* Whether the study goes on when a method cannot be opened, for ERR: it may suit other
   variants.  */
bool gradus_study_allows(const gradus_study *study, gradus_err err);

/* Refuses what does not fit the problem of a variant: a method that can suit no other, the
   value that tuning selects by, something to be recorded, a grid of starts, or the name in a
   claim of what is not.  */
gradus_err gradus_study_check_problem(const gradus_study *study, size_t variant,
                                      const gradus_problem *problem, gradus_error *why);
/* Opens the problem of a variant, and checks it.  */
gradus_err gradus_study_open_problem(const gradus_study *study, size_t variant,
                                     size_t threads, gradus_problem **out,
                                     gradus_error *why);

/* Opens the run of ENTRANT with SEED from START (NULL: the problem's own); that of one that is
   refused has stopped.  */
gradus_err gradus_study_open_run(const gradus_entrant *entrant, long seed,
                                 gradus_problem *problem, const double start[],
                                 gradus_run **out, gradus_error *why);

/* Whether what is recorded can be: a column for every coordinate has its bound, and some need
   the whole data, or more of the problem than its methods do.  */
gradus_err gradus_study_check_record(const gradus_study *study,
                                     const gradus_entrant *entrant,
                                     const gradus_problem *problem, gradus_error *why);
/* Whether tuning can select by what it does.  */
gradus_err gradus_study_check_tuning(const gradus_study *study,
                                     const gradus_problem *problem, gradus_error *why);
/* Whether the claims speak of what there is on PROBLEM; NULL: it is
   not open yet, and anything that there can be is allowed.  */
gradus_err gradus_study_check_claims(const gradus_study *study,
                                     const gradus_problem *problem, gradus_error *why);

#endif
