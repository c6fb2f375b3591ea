/* A study: one problem, several methods, several seeds, read from a YAML file and checked
   in full before anything runs.  */

#ifndef GRADUS_HARNESS_STUDY_H
#define GRADUS_HARNESS_STUDY_H

#include "core/settings.h"
#include "gradus.h"

/* A method in a race, under its label.  */
typedef struct gradus_entrant {
    char *label; /* unique, safe as a file name */
    size_t line; /* in the study file */
    gradus_method *method;
    char *spec;          /* the method as a specification */
    gradus_settings run; /* batch, budget, tolerances, measuring; the seed left open */
} gradus_entrant;

typedef struct gradus_study {
    char *path, *text; /* the file, as named and verbatim */
    char *name;        /* safe as a file name */
    char *question;    /* NULL: none */
    const gradus_problem_type *problem_type;
    gradus_settings problem; /* handed over by gradus_study_open_problem */
    char *problem_spec;
    size_t problem_line;
    gradus_settings run; /* what every method has unless it says otherwise */
    long *seeds;
    size_t seed_count;
    double *targets;
    size_t target_count;
    gradus_entrant *entrants;
    size_t entrant_count;
} gradus_study;

gradus_err gradus_study_open(gradus_study *study, const char *path, gradus_error *why);
void gradus_study_close(gradus_study *study); /* accepts a half-opened one */

/* Opens the problem, once, and refuses a method that does not fit it.  */
gradus_err gradus_study_open_problem(gradus_study *study, size_t threads,
                                     gradus_problem **out, gradus_error *why);

/* Opens the run of ENTRANT with SEED.  */
gradus_err gradus_study_open_run(const gradus_entrant *entrant, long seed,
                                 gradus_problem *problem, gradus_run **out,
                                 gradus_error *why);

#endif
