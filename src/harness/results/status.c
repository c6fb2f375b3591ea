/* The stop that the word in a record stands for.  */

#include "harness/results/status.h"

#include <string.h>

#define STOP_ROW(name, code, word, text) {name, word},
gradus_stop gradus_status_stop(const char *word) {
    static const struct {
        gradus_stop stop;
        const char *word;
    } stops[] = {GRADUS_STOP_LIST(STOP_ROW)};
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
        if (strcmp(stops[i].word, word) == 0)
            return stops[i].stop;
    return GRADUS_RUNNING;
}

bool gradus_status_diverged(const char *status) {
    gradus_stop stop = gradus_status_stop(status);
    return stop == GRADUS_FAIL_DIVERGED || stop == GRADUS_FAIL_START ||
           stop == GRADUS_FAIL_REFUSED;
}
