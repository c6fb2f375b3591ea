/* Where a run in the plane went: the parameters after every update.  */

#ifndef GRADUS_HARNESS_RUN_TRAJECTORY_H
#define GRADUS_HARNESS_RUN_TRAJECTORY_H

#include "gradus.h"

#include <stdio.h>

/* In how many dimensions a trajectory can be drawn.  */
enum { GRADUS_PLANE = 2 };
/* At most so many points are kept, the last apart: of a longer run every second, every
   fourth, and so on.  */
enum { GRADUS_MOST_WAYPOINTS = 20000 };

typedef struct gradus_waypoint {
    size_t update;
    double x[GRADUS_PLANE]; /* not finite where the run diverged */
} gradus_waypoint;

typedef struct gradus_trajectory {
    size_t count, stride; /* kept: the updates that STRIDE divides, and the last */
    gradus_waypoint *point;
} gradus_trajectory;

gradus_err gradus_trajectory_open(gradus_trajectory *trajectory, gradus_error *why);
/* Notes X after UPDATE, which is larger than the one before or the same.  */
void gradus_trajectory_add(gradus_trajectory *trajectory, size_t update, const double x[]);
/* CSV with the columns update, x, y.  */
void gradus_trajectory_print(FILE *file, const gradus_trajectory *trajectory);
/* Opens what was printed to the file at PATH; GRADUS_EINPUT names file and line.  */
gradus_err gradus_trajectory_read(gradus_trajectory *trajectory, const char *path,
                                  gradus_error *why);
void gradus_trajectory_close(gradus_trajectory *trajectory);

#endif
