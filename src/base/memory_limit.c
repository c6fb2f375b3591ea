/* What the system, control groups and limits of the process leave.

   Page cache that a control group is charged for is given up before anything is killed, so
   it counts as available there, as MemAvailable counts it for the whole system.  */

#include "base/memory_limit.h"

#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    FILE_SIZE = 1 << 14,  /* of the files in /proc and of memory.stat: a few thousand */
    UNCOUNTED = 1 << 16,  /* smaller blocks are not worth counting */
    CHECKED_AT = 64 << 20 /* bytes between two looks, each of which reads several files */
};

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }
static uint64_t rest(uint64_t all, uint64_t used) { return all > used ? all - used : 0; }

/* ---- Files of numbers -----------------------------------------------------------------
 */

static bool read_text(const char *path, char text[FILE_SIZE]) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    size_t size = 0;
    ssize_t got;
    while (size < FILE_SIZE - 1 &&
           (got = read(descriptor, text + size, FILE_SIZE - 1 - size)) > 0)
        size += (size_t)got;
    close(descriptor);
    text[size] = '\0';
    return size > 0;
}

/* The number at the start of TEXT; what is none, such as "max", is UINT64_MAX.  */
static uint64_t number_in(const char *text) {
    char *end;
    unsigned long long number = strtoull(text, &end, 10);
    return end == text ? UINT64_MAX : number;
}

/* The number after NAME at the start of a line; MISSING when there is none.  */
static uint64_t field(const char *text, const char *name, uint64_t missing) {
    size_t length = strlen(name);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0)
            return number_in(line + length);
    }
    return missing;
}

/* ---- Control groups -------------------------------------------------------------------
 */

/* The names of either version's files, below a folder of its own.  */
typedef struct {
    const char *folder, *limit, *soft_limit, *used, *inactive, *active;
} version_t;

static const version_t versions[] = {
    {"", "memory.max", "memory.high", "memory.current", "inactive_file ", "active_file "},
    {"/unified", "memory.max", "memory.high", "memory.current", "inactive_file ",
     "active_file "},
    {"/memory", "memory.limit_in_bytes", NULL, "memory.usage_in_bytes",
     "total_inactive_file ", "total_active_file "}};
enum { VERSIONS = sizeof versions / sizeof *versions, FIRST_VERSION = 2 };

static bool read_group(const char *folder, const char *name, char text[FILE_SIZE]) {
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    return length < (int)sizeof path && read_text(path, text);
}

static uint64_t left_in(const version_t *version, const char *folder) {
    char text[FILE_SIZE];
    uint64_t limit = read_group(folder, version->limit, text) ? number_in(text) : UINT64_MAX;
    if (version->soft_limit && read_group(folder, version->soft_limit, text))
        limit = least(limit, number_in(text));
    if (limit == UINT64_MAX || !read_group(folder, version->used, text))
        return UINT64_MAX;
    uint64_t used = number_in(text), cache = 0;
    if (read_group(folder, "memory.stat", text))
        cache = field(text, version->inactive, 0) + field(text, version->active, 0);
    return rest(limit, rest(used, cache));
}

/* A group is bound by the limits of all above it, up to where the groups are mounted.  In a
   container the names may begin above that: then the folders that are there count.  */
static uint64_t left_in_all(const version_t *version, const char *folder, const char *group,
                            size_t length) {
    char path[PATH_MAX];
    uint64_t left = UINT64_MAX;
    int root = snprintf(path, sizeof path, "%s%s", folder, version->folder);
    if ((size_t)root + length >= sizeof path)
        return UINT64_MAX;
    memcpy(path + root, group, length);
    path[(size_t)root + length] = '\0';
    for (;;) {
        left = least(left, left_in(version, path));
        char *slash = strrchr(path + root, '/');
        if (!slash)
            return left;
        *slash = '\0';
    }
}

/* Whether the list from BEGIN to END, separated by commas, holds "memory".  */
static bool lists_memory(const char *begin, const char *end) {
    static const char name[] = "memory";
    for (const char *at = begin; at < end;) {
        size_t length = strcspn(at, ",:");
        if (length == sizeof name - 1 && memcmp(at, name, length) == 0)
            return true;
        at += length + 1;
    }
    return false;
}

/* A line is NUMBER:CONTROLLERS:GROUP; version 2 has no controllers there.  */
uint64_t gradus_memory_in_groups(const char *folder, const char *groups) {
    uint64_t left = UINT64_MAX;
    for (const char *line = groups; *line;) {
        size_t length = strcspn(line, "\n");
        const char *end = line + length, *list = memchr(line, ':', length);
        const char *group = list ? memchr(list + 1, ':', (size_t)(end - list - 1)) : NULL;
        for (size_t i = 0; group && i < VERSIONS; i++)
            if (i < FIRST_VERSION ? group == list + 1 : lists_memory(list + 1, group))
                left = least(left, left_in_all(&versions[i], folder, group + 1,
                                               (size_t)(end - group - 1)));
        line = *end ? end + 1 : end;
    }
    return left;
}

/* ---- All limits -----------------------------------------------------------------------
 */

/* Bytes of large blocks that are allocated, and of those since the last look.  */
static atomic_size_t allocated, unseen;

/* The sizes in /proc/self/statm, in bytes.  */
typedef struct {
    uint64_t all, private, data;
} sizes_t;

static bool measure(sizes_t *sizes) {
    char text[FILE_SIZE];
    unsigned long long all, resident, shared, data;
    if (!read_text("/proc/self/statm", text) ||
        sscanf(text, "%llu %llu %llu %*u %*u %llu", &all, &resident, &shared, &data) != 4)
        return false;
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    *sizes = (sizes_t){all * page, rest(resident, shared) * page, data * page};
    return true;
}

static uint64_t left_of_limit(int resource, uint64_t used) {
    struct rlimit limit;
    return getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY
               ? rest(limit.rlim_cur, used)
               : UINT64_MAX;
}

/* Of the blocks the resident part is touched; what else is resident makes the untouched
   part look smaller by some tens of megabytes.  The limits of the process count addresses,
   touched or not.  */
uint64_t gradus_memory_available(void) {
    char text[FILE_SIZE];
    sizes_t sizes = {0};
    uint64_t left = UINT64_MAX;
    if (read_text("/proc/meminfo", text)) {
        left = field(text, "MemAvailable:", UINT64_MAX / 1024);
        left = left < UINT64_MAX / 1024 ? 1024 * (left + field(text, "SwapFree:", 0))
                                        : UINT64_MAX;
    }
    if (read_text("/proc/self/cgroup", text))
        left = least(left, gradus_memory_in_groups("/sys/fs/cgroup", text));
    if (!measure(&sizes))
        return left;
    if (left != UINT64_MAX)
        left = rest(left, rest(atomic_load(&allocated), sizes.private));
    left = least(left, left_of_limit(RLIMIT_AS, sizes.all));
    return least(left, left_of_limit(RLIMIT_DATA, sizes.data));
}

/* ---- For the allocator ----------------------------------------------------------------
 */

static _Thread_local double refused; /* bytes: the largest request since the last sentence */

void gradus_memory_refused(double bytes) { refused = bytes > refused ? bytes : refused; }

bool gradus_memory_fits(double bytes) {
    bool fits = bytes < CHECKED_AT || bytes <= (double)gradus_memory_available();
    if (!fits)
        gradus_memory_refused(bytes);
    return fits;
}

bool gradus_memory_admits(size_t bytes) {
    if (bytes < UNCOUNTED || atomic_fetch_add(&unseen, bytes) + bytes < CHECKED_AT)
        return true;
    atomic_store(&unseen, 0);
    return bytes <= gradus_memory_available();
}

void gradus_memory_took(size_t bytes) {
    if (bytes >= UNCOUNTED)
        atomic_fetch_add(&allocated, bytes);
}

void gradus_memory_gave_back(size_t bytes) {
    if (bytes >= UNCOUNTED)
        atomic_fetch_sub(&allocated, bytes);
}

/* ---- Sentences ------------------------------------------------------------------------
 */

enum { SIZE_TEXT = 32 };

static const char *size_text(char text[SIZE_TEXT], double bytes) {
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    size_t unit = 0;
    for (; bytes >= 1000 && unit + 1 < sizeof units / sizeof *units; unit++)
        bytes /= 1024;
    snprintf(text, SIZE_TEXT, "%.3g %s", bytes, units[unit]);
    return text;
}

const char *gradus_memory_explain(char text[GRADUS_MEMORY_TEXT]) {
    char wanted[SIZE_TEXT], taken[SIZE_TEXT], left[SIZE_TEXT];
    text[0] = '\0';
    if (refused > 0)
        snprintf(text, GRADUS_MEMORY_TEXT, " (%s asked for, %s taken before, %s available)",
                 size_text(wanted, refused),
                 size_text(taken, (double)atomic_load(&allocated)),
                 size_text(left, (double)gradus_memory_available()));
    refused = 0;
    return text;
}
