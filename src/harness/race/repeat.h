/* A race once more, from its manifest, and whether it comes to the same numbers.  */

#ifndef GRADUS_HARNESS_RACE_REPEAT_H
#define GRADUS_HARNESS_RACE_REPEAT_H

#include "harness/race/race.h"

/* Races the study in the manifest at PATH into another folder, results/<study>-repeated
   unless OPTIONS name one, with as many threads unless OPTIONS have them, and compares the
   checksums of all traces but of those that a budget of time ended.  *SAME: they agree, or a
   signal ended the race before that could be told; else WHY says how many do not.  */
gradus_err gradus_repeat(const char *path, const gradus_race_options *options, bool *same,
                         gradus_error *why);

#endif
