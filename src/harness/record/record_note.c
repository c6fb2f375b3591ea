/* What a checkpoint keeps of a record: the rows of the trace so far, as they are written; the
   trajectory; the targets reached; and what the machine had done meanwhile.

   Bytes of this program on this kind of machine: the header, a row and a flag for every
   target, the waypoints, the trace.  */

#include "harness/record/record.h"

#include "base/memory.h"
#include "harness/io/text_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    size_t targets, waypoints, stride, trace; /* how many; TRACE in bytes */
    char started[GRADUS_MOMENT_SIZE];
    gradus_load spent; /* while the run went on */
} header_t;

/* ---- Pack ---- */

static gradus_load minus(gradus_load a, gradus_load b) {
    return (gradus_load){
        .own = {.cpu = a.own.cpu - b.own.cpu, .wall = a.own.wall - b.own.wall},
        .machine = a.machine - b.machine};
}

/* Of nothing, FROM may be NULL, which fwrite must not be given.  */
static bool write_part(FILE *file, const void *from, size_t size, size_t count) {
    return count == 0 || fwrite(from, size, count, file) == count;
}

static bool write_parts(FILE *file, const gradus_recorder *recorder, const char *trace,
                        size_t size) {
    const gradus_trajectory *trajectory = &recorder->trajectory;
    header_t header = {.targets = recorder->study->target_count,
                       .waypoints = trajectory->count,
                       .stride = trajectory->stride,
                       .trace = size,
                       .spent = minus(gradus_load_now(), recorder->before)};
    memcpy(header.started, recorder->started, sizeof header.started);
    return write_part(file, &header, sizeof header, 1) &&
           write_part(file, recorder->reached, sizeof *recorder->reached, header.targets) &&
           write_part(file, recorder->has_reached, sizeof *recorder->has_reached,
                      header.targets) &&
           write_part(file, trajectory->point, sizeof *trajectory->point,
                      header.waypoints) &&
           write_part(file, trace, 1, size);
}

gradus_err gradus_recorder_pack(gradus_recorder *recorder, void **bytes, size_t *size,
                                gradus_error *why) {
    char *trace = NULL, *packed = NULL;
    size_t length;
    fflush(recorder->trace.file);
    gradus_err err = gradus_output_check(&recorder->trace, why);
    if (!err)
        err = gradus_text_file_read(recorder->trace.partial, &trace, &length, why);
    FILE *file = err ? NULL : open_memstream(&packed, size);
    bool done = file && write_parts(file, recorder, trace, length);
    if (file)
        done = fclose(file) == 0 && done;
    gradus_free(trace);
    if (!err && !done)
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", recorder->folder);
    if (err)
        free(packed);
    *bytes = err ? NULL : packed;
    return err;
}

/* ---- Unpack ---- */

/* Takes SIZE bytes from *AT into OUT, which may be NULL where there are none.  */
static void take(void *out, const char **at, size_t size) {
    if (size > 0)
        memcpy(out, *at, size);
    *at += size;
}

static bool fits(const gradus_recorder *recorder, const header_t *header, size_t rest) {
    size_t most = recorder->trajectory.point ? GRADUS_MOST_WAYPOINTS + 1 : 0;
    if (header->targets != recorder->study->target_count || header->waypoints > most ||
        header->trace > rest)
        return false;
    return rest == header->targets * (sizeof(gradus_row) + sizeof(bool)) +
                       header->waypoints * sizeof(gradus_waypoint) + header->trace;
}

bool gradus_recorder_unpack(gradus_recorder *recorder, const void *bytes, size_t size) {
    const char *at = bytes;
    header_t header;
    if (size < sizeof header)
        return false;
    take(&header, &at, sizeof header);
    if (!fits(recorder, &header, size - sizeof header))
        return false;
    take(recorder->reached, &at, header.targets * sizeof *recorder->reached);
    take(recorder->has_reached, &at, header.targets * sizeof *recorder->has_reached);
    if (recorder->trajectory.point)
        take(recorder->trajectory.point, &at, header.waypoints * sizeof(gradus_waypoint));
    recorder->trajectory.count = header.waypoints;
    recorder->trajectory.stride = header.stride;
    memcpy(recorder->started, header.started, sizeof recorder->started);
    recorder->before = minus(recorder->before, header.spent);
    rewind(recorder->trace.file); /* the header of the trace is among its bytes */
    fwrite(at, 1, header.trace, recorder->trace.file); /* an error shows at the next row */
    return true;
}
