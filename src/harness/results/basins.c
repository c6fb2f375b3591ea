/* Reading basins back.  */

#include "harness/results/basins.h"

#include "base/memory.h"
#include "harness/io/folder.h"
#include "harness/io/text_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char gradus_basins_header[] = "x,y,end_x,end_y,updates,minimum\n";

char *gradus_basins_path(const char *folder, const char *label) {
    return gradus_folder_path(folder, "basins/%s.csv", label);
}

bool gradus_basins_exist(const char *folder, const char *label) {
    char *path = gradus_basins_path(folder, label);
    bool exist = path && access(path, R_OK) == 0;
    gradus_free(path);
    return exist;
}

/* Reads a line at *AT and advances past it; *X: its start.  */
static bool read_line(char **at, double x[2], int *minimum) {
    double number[6];
    for (size_t i = 0; i < 6; i++) {
        char *end;
        number[i] = strtod(*at, &end);
        if (end == *at || *end != (i < 5 ? ',' : '\n'))
            return false;
        *at = end + 1;
    }
    if (!(number[5] >= GRADUS_NO_BASIN && number[5] <= 1e9))
        return false;
    x[0] = number[0];
    x[1] = number[1];
    *minimum = (int)number[5];
    return true;
}

/* A grid: as many columns as there are starts in the first row.  */
static bool read_grid(gradus_basins *basins, char *at, size_t lines, size_t *line) {
    double x[2];
    for (*line = 2; *line <= lines; ++*line) {
        size_t k = *line - 2;
        if (!read_line(&at, x, &basins->minimum[k]))
            return false;
        if (k == 0)
            memcpy(basins->low, x, sizeof x);
        memcpy(basins->high, x, sizeof x);
        if (x[1] == basins->low[1])
            basins->columns = k + 1;
    }
    basins->rows = (lines - 1) / basins->columns;
    return !*at && basins->columns * basins->rows == lines - 1 &&
           basins->low[0] < basins->high[0] && basins->low[1] < basins->high[1];
}

static gradus_err read_text(gradus_basins *basins, char *text, const char *path,
                            gradus_error *why) {
    size_t lines = 0, line = 1;
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    if (strncmp(text, gradus_basins_header, sizeof gradus_basins_header - 1) != 0 || lines < 2)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s:1: expected basins, with the columns %.*s", path,
                           (int)sizeof gradus_basins_header - 2, gradus_basins_header);
    basins->minimum = GRADUS_NEW(lines - 1, int);
    if (!basins->minimum)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    if (read_grid(basins, text + sizeof gradus_basins_header - 1, lines, &line))
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EINPUT,
                       "%s:%zu: expected six numbers, of the starts of a grid row by row",
                       path, line);
}

gradus_err gradus_basins_read(gradus_basins *basins, const char *folder, const char *label,
                              gradus_error *why) {
    char *text = NULL, *path = gradus_basins_path(folder, label);
    size_t size;
    *basins = (gradus_basins){0};
    gradus_err err = path ? gradus_text_file_read(path, &text, &size, why)
                          : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    if (!err)
        err = read_text(basins, text, path, why);
    if (err)
        gradus_basins_close(basins);
    gradus_free(text);
    gradus_free(path);
    return err;
}

void gradus_basins_close(gradus_basins *basins) {
    gradus_free(basins->minimum);
    *basins = (gradus_basins){0};
}
