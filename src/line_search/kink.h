/* Whether the slope jumps where a search failed.  */

#ifndef GRADUS_LINE_SEARCH_KINK_H
#define GRADUS_LINE_SEARCH_KINK_H

#include "line_search/ladder.h"

/* Whether values look like a kink, around which RUNG.  */
bool gradus_seems_kink(const gradus_ladder *l, int *rung);
/* Whether gradients agree that it is one.  */
gradus_err gradus_find_kink(const gradus_ladder *l, int rung, bool *is_kink);

#endif
