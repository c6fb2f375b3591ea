/* Backtracking.  */

#ifndef GRADUS_LINE_SEARCH_BACKTRACKING_H
#define GRADUS_LINE_SEARCH_BACKTRACKING_H

#include "line_search/algorithm.h"

typedef struct gradus_backtracking {
    gradus_search_rules rules;
    gradus_trial start; /* step 0 */
} gradus_backtracking;

extern const gradus_search_algorithm gradus_search_backtracking;

#endif
