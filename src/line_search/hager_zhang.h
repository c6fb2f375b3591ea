/* The line search of Hager and Zhang.  */

#ifndef GRADUS_LINE_SEARCH_HAGER_ZHANG_H
#define GRADUS_LINE_SEARCH_HAGER_ZHANG_H

#include "line_search/algorithm.h"

typedef struct gradus_hager_zhang {
    gradus_search_rules rules;
    gradus_trial start; /* step 0 */
    gradus_trial low,
        high; /* the interval: LOW has a value up to the ceiling and goes down,
                               HIGH, once bracketed, goes up */
    gradus_trial old_low, old_high; /* the interval when this iteration began */
    int phase;                      /* what the proposed step is for */
    bool bisecting; /* HIGH goes down too, but from above the ceiling: there is a hump */
    double barrier; /* a step at which there was no value; infinite: none */
} gradus_hager_zhang;

extern const gradus_search_algorithm gradus_search_hager_zhang;

#endif
