/* Basins: which minimum of a problem in the plane a method reaches from every point of a grid
   of starts.  DIR/basins/LABEL.csv has a line for every start, row by row from below, with
   the columns

     x, y, end_x, end_y   where the run began and where it ended
     updates              how many it took
     minimum              the number, from 0, of the known minimum that is nearest to its
                          end; -1 when none is nearer than 2 % of the grid's shorter side

   A run is as in the race, but for the start, with the race's first seed; nothing of it is
   traced.  */

#ifndef GRADUS_HARNESS_RESULTS_BASINS_H
#define GRADUS_HARNESS_RESULTS_BASINS_H

#include "gradus.h"

enum { GRADUS_NO_BASIN = -1 };

/* The first line of the file.  */
extern const char gradus_basins_header[];

/* The path of the file for LABEL, to be freed; NULL: no memory.  */
char *gradus_basins_path(const char *folder, const char *label);

/* Those of one method.  */
typedef struct gradus_basins {
    size_t columns, rows; /* of the grid */
    double low[2], high[2];
    int *minimum; /* columns x rows */
} gradus_basins;

/* Reads what was made for LABEL; GRADUS_EINPUT names file and line.  */
gradus_err gradus_basins_read(gradus_basins *basins, const char *folder, const char *label,
                              gradus_error *why);
void gradus_basins_close(gradus_basins *basins);
/* Whether FOLDER has those of LABEL.  */
bool gradus_basins_exist(const char *folder, const char *label);

#endif
