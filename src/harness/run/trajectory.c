/* Keeping, writing and reading trajectories.  The last point added always stands at the end;
   the next one takes its place unless it is one of those to be kept.  */

#include "harness/run/trajectory.h"

#include "base/memory.h"
#include "harness/io/text_file.h"

#include <stdlib.h>
#include <string.h>

static const char header[] = "update,x,y\n";

gradus_err gradus_trajectory_open(gradus_trajectory *t, gradus_error *why) {
    *t = (gradus_trajectory){.stride = 1};
    t->point = GRADUS_NEW(GRADUS_MOST_WAYPOINTS + 1, gradus_waypoint);
    return t->point ? GRADUS_OK
                    : gradus_fail(why, GRADUS_ENOMEM, "out of memory for a trajectory");
}

/* Doubles the stride until there is room for another.  */
static void thin(gradus_trajectory *t) {
    while (t->count > GRADUS_MOST_WAYPOINTS) {
        size_t kept = 0;
        t->stride *= 2;
        for (size_t i = 0; i < t->count; i++)
            if (t->point[i].update % t->stride == 0)
                t->point[kept++] = t->point[i];
        t->count = kept;
    }
}

void gradus_trajectory_add(gradus_trajectory *t, size_t update, const double x[]) {
    const gradus_waypoint *last = t->count > 0 ? &t->point[t->count - 1] : NULL;
    if (last && (last->update == update || last->update % t->stride != 0))
        t->count--;
    thin(t);
    t->point[t->count++] = (gradus_waypoint){update, {x[0], x[1]}};
}

void gradus_trajectory_print(FILE *file, const gradus_trajectory *t) {
    fputs(header, file);
    for (size_t i = 0; i < t->count; i++)
        fprintf(file, "%zu,%.17g,%.17g\n", t->point[i].update, t->point[i].x[0],
                t->point[i].x[1]);
}

/* Reads "update,x,y" and the end of its line at *AT and advances past it.  */
static bool read_point(gradus_waypoint *point, char **at) {
    char *end;
    point->update = strtoull(*at, &end, 10);
    if (end == *at || *end != ',')
        return false;
    for (size_t i = 0; i < GRADUS_PLANE; i++) {
        *at = end + 1;
        point->x[i] = strtod(*at, &end);
        if (end == *at || *end != (i + 1 < GRADUS_PLANE ? ',' : '\n'))
            return false;
    }
    *at = end + 1;
    return true;
}

static gradus_err read_points(gradus_trajectory *t, char *text, const char *path,
                              gradus_error *why) {
    size_t lines = 0;
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    if (strncmp(text, header, sizeof header - 1) != 0 || lines < 2)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s:1: expected a trajectory, with the columns update,x,y",
                           path);
    t->point = GRADUS_NEW(lines, gradus_waypoint);
    if (!t->point)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    for (char *at = text + sizeof header - 1; *at; t->count++)
        if (t->count + 1 == lines || !read_point(&t->point[t->count], &at))
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s:%zu: expected three numbers, update,x,y", path,
                               t->count + 2);
    return GRADUS_OK;
}

gradus_err gradus_trajectory_read(gradus_trajectory *t, const char *path,
                                  gradus_error *why) {
    char *text = NULL;
    size_t size;
    *t = (gradus_trajectory){.stride = 1};
    gradus_err err = gradus_text_file_read(path, &text, &size, why);
    if (err == GRADUS_OK)
        err = read_points(t, text, path, why);
    gradus_free(text);
    if (err != GRADUS_OK)
        gradus_trajectory_close(t);
    return err;
}

void gradus_trajectory_close(gradus_trajectory *t) {
    gradus_free(t->point);
    *t = (gradus_trajectory){0};
}
