/* The line search of More and Thuente, by reverse communication: it proposes steps, the
   caller evaluates the function of one variable there.  */

#ifndef GRADUS_LINE_SEARCH_MORE_THUENTE_H
#define GRADUS_LINE_SEARCH_MORE_THUENTE_H

#include <stdbool.h>

/* phi(step) and phi'(step).  */
typedef struct gradus_trial {
    double step, value, slope;
} gradus_trial;

typedef enum gradus_search_state {
    GRADUS_SEARCH_GOES_ON, /* evaluate at the proposed step */
    GRADUS_SEARCH_WOLFE,   /* the last trial satisfies the strong Wolfe conditions */
    GRADUS_SEARCH_LONGEST, /* the longest step allowed, and it still goes down */
    GRADUS_SEARCH_SHRUNK /* the interval has shrunk to rounding; `best` is what there is */
} gradus_search_state;

typedef struct gradus_more_thuente {
    double decrease, curvature; /* constants of the strong Wolfe conditions */
    double longest;             /* step */
    gradus_trial start;         /* step 0 */
    gradus_trial best;          /* end of the interval with the least value so far */
    gradus_trial other;         /* the other end, once there is a bracket */
    bool bracketed;
    bool first_stage;        /* still looking for a step of sufficient decrease */
    double width, old_width; /* of the interval, and before the last trial */
    double low, high;        /* where the next step may be */
    double barrier;          /* a step at which there was no value; infinite: none */
} gradus_more_thuente;

/* From phi(0) = VALUE and phi'(0) = SLOPE, which is negative; the first step to evaluate is
   STEP, which is positive and at most LONGEST.  */
void gradus_more_thuente_begin(gradus_more_thuente *search, double decrease,
                               double curvature, double longest, double value, double slope,
                               double step);

/* Takes up the finite trial at the proposed step; while the search goes on the next one is
   in *STEP.  */
gradus_search_state gradus_more_thuente_advance(gradus_more_thuente *search,
                                                gradus_trial trial, double *step);

/* Says that phi or phi' is not finite at *STEP; proposes a shorter one.  */
void gradus_more_thuente_contract(gradus_more_thuente *search, double *step);

#endif
