/* The line search of More and Thuente.  */

#ifndef GRADUS_LINE_SEARCH_MORE_THUENTE_H
#define GRADUS_LINE_SEARCH_MORE_THUENTE_H

#include "line_search/algorithm.h"

typedef struct gradus_more_thuente {
    gradus_search_rules rules;
    gradus_trial start; /* step 0 */
    gradus_trial best;  /* end of the interval with the least value so far */
    gradus_trial other; /* the other end, once there is a bracket */
    bool bracketed;
    bool first_stage;        /* still looking for a step of sufficient decrease */
    double width, old_width; /* of the interval, and before the last trial */
    double low, high;        /* where the next step may be */
    double barrier;          /* a step at which there was no value; infinite: none */
} gradus_more_thuente;

extern const gradus_search_algorithm gradus_search_more_thuente;

#endif
