/* Points from the command line.  */

#include "cli/point.h"

#include "base/memory.h"
#include "base/stream.h"
#include "core/problem.h"
#include "data/vector_file.h"

#include <string.h>

static gradus_err default_start(const gradus_problem *problem, uint64_t seed, double x[],
                                gradus_error *why) {
    gradus_stream *stream = gradus_stream_open(seed, GRADUS_FOR_START);
    if (!stream)
        return gradus_fail(why, GRADUS_ENOMEM, "start: out of memory");
    problem->type->start(problem->self, stream, x);
    gradus_stream_close(stream);
    return GRADUS_OK;
}

gradus_err gradus_point_read(double **out, const char *spec, const gradus_problem *problem,
                             uint64_t seed, gradus_error *why) {
    gradus_err err = GRADUS_OK;
    double *x = *out = GRADUS_NEW(problem->dimension, double); /* zero */
    if (!x)
        return gradus_fail(why, GRADUS_ENOMEM, "start: out of memory");
    if (strcmp(spec, "default") == 0)
        err = default_start(problem, seed, x, why);
    else if (strcmp(spec, "zero") != 0)
        err = gradus_vector_read(spec, problem->dimension, x, why);
    if (err) {
        gradus_free(x);
        *out = NULL;
    }
    return err;
}
