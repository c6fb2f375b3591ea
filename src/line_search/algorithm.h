/* A line search by reverse communication: it proposes steps, the caller evaluates the
   function of one variable there.  */

#ifndef GRADUS_LINE_SEARCH_ALGORITHM_H
#define GRADUS_LINE_SEARCH_ALGORITHM_H

#include <stdbool.h>

/* phi(step) and phi'(step).  */
typedef struct gradus_trial {
    double step, value, slope;
} gradus_trial;

typedef enum gradus_search_state {
    GRADUS_SEARCH_GOES_ON,     /* evaluate at the proposed step */
    GRADUS_SEARCH_ACCEPTED,    /* the last trial satisfies the algorithm's conditions */
    GRADUS_SEARCH_APPROXIMATE, /* so it does as far as its slope tells; its value may be the
                                  higher one, by rounding */
    GRADUS_SEARCH_LONGEST,     /* the longest step allowed, and it still goes down */
    GRADUS_SEARCH_SHRUNK       /* the interval has shrunk to rounding */
} gradus_search_state;

typedef struct gradus_search_rules {
    double decrease, curvature; /* constants of the Wolfe conditions */
    double longest;             /* step */
    double ceiling; /* values up to here may be as low as phi(0), but for rounding */
} gradus_search_rules;

typedef struct gradus_search_algorithm {
    /* From step 0, where the slope is negative; the first step to evaluate is STEP, which
       is positive and at most the longest.  */
    void (*begin)(void *self, const gradus_search_rules *rules, gradus_trial start,
                  double step);
    /* Takes up the finite trial at the proposed step; while the search goes on the next one
       is in *STEP.  */
    gradus_search_state (*advance)(void *self, gradus_trial trial, double *step);
    /* Says that phi or phi' is not finite at *STEP; proposes a shorter one.  */
    void (*contract)(void *self, double *step);
    bool by_slope; /* goes on where values are lost in rounding */
} gradus_search_algorithm;

#endif
