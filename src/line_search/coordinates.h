/* Single entries of a gradient that is not that of the value.  */

#ifndef GRADUS_LINE_SEARCH_COORDINATES_H
#define GRADUS_LINE_SEARCH_COORDINATES_H

#include "line_search/ladder.h"

typedef struct gradus_worst_entry {
    size_t index;
    double gradient, measured; /* measured is NaN when none could be */
    double minus, size; /* |measured + gradient|^2 and |gradient|^2 over those tried */
} gradus_worst_entry;

/* The entry with the largest error by values at x + STEP e and x - STEP e.  */
gradus_err gradus_find_worst(const gradus_ladder *l, double step,
                             gradus_worst_entry *worst);

#endif
