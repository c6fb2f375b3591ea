/* The page of a collection: every claim with its verdict, what it rests on, a figure, and
   where the races were run.  */

#ifndef GRADUS_HARNESS_REPORT_REPRODUCTION_H
#define GRADUS_HARNESS_REPORT_REPRODUCTION_H

#include "harness/report/collection.h"

/* Writes PATH, in Markdown, and a drawing STUDY.svg for every race that has one into the
   folder that has PATH's name without its ending.  */
gradus_err gradus_reproduction_write(const gradus_collection *collection, const char *path,
                                     gradus_error *why);

#endif
