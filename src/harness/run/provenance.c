/* Asking the process, the build and the machine what they are.  */

#include "harness/run/provenance.h"

#include "build.h"
#include "core/problem.h"
#include "harness/io/json.h"
#include "linalg/blas.h"
#include "linalg/processor.h"

#include <dlfcn.h>
#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include <yaml.h>
#include <zlib.h>

/* ---- What is bound ---- */

const char *gradus_provider(const char *symbol, char *buffer, size_t size) {
    Dl_info info;
    void *address = dlsym(RTLD_DEFAULT, symbol);
    buffer[0] = '\0';
    if (!address || !dladdr(address, &info) || !info.dli_fname)
        return buffer;
    /* The name may be a link that an administrator moves from one BLAS to another.  */
    char *real = realpath(info.dli_fname, NULL);
    snprintf(buffer, size, "%s", real ? real : info.dli_fname);
    free(real);
    return buffer;
}

static json_t *provider(const char *symbol) {
    char path[PATH_MAX];
    gradus_provider(symbol, path, sizeof path);
    return path[0] ? gradus_json_text(path) : json_null();
}

static json_t *blas(void) {
    static const char *const symbols[] = {"cblas_dgemm", "dgemm_", "dsyevd_",
                                          "LAPACKE_dsyevd"};
    json_t *o = json_object();
    int failed =
        json_object_set_new(o, "configuration", json_string(gradus_blas_configuration())) |
        json_object_set_new(o, "core", json_string(gradus_blas_core())) |
        json_object_set_new(o, "threads", json_integer(gradus_blas_threads()));
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        failed |= json_object_set_new(o, symbols[i], provider(symbols[i]));
    return gradus_json_unless(failed, o);
}

static json_t *libraries(void) {
    unsigned major = 0, minor = 0, release = 0;
    json_t *o = json_object();
    H5get_libversion(&major, &minor, &release);
    int failed =
        json_object_set_new(o, "gsl", json_string(gsl_version)) |
        json_object_set_new(o, "hdf5", json_sprintf("%u.%u.%u", major, minor, release)) |
        json_object_set_new(o, "jansson", json_string(jansson_version_str())) |
        json_object_set_new(o, "yaml", json_string(yaml_get_version_string())) |
        json_object_set_new(o, "zlib", json_string(zlibVersion()));
    return gradus_json_unless(failed, o);
}

/* ---- The build and the machine ---- */

static json_t *compiler(void) {
#if defined __clang__
    return json_string("clang " __clang_version__);
#else
    return json_string("gcc " __VERSION__);
#endif
}

/* The first "model name" of /proc/cpuinfo, or `unknown`.  */
static json_t *processor(void) {
    static const char KEY[] = "model name";
    char line[512], *found = NULL;
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file && !found && fgets(line, sizeof line, file))
        if (strncmp(line, KEY, sizeof KEY - 1) == 0 && strchr(line, ':'))
            found = strchr(line, ':') + 1;
    if (file)
        fclose(file);
    if (!found)
        return json_string("unknown");
    found += strspn(found, " \t");
    found[strcspn(found, "\n")] = '\0';
    return gradus_json_text(found);
}

static json_t *kernel(void) {
    struct utsname name;
    if (uname(&name) != 0)
        return json_string("unknown");
    return json_sprintf("%s %s %s", name.sysname, name.release, name.machine);
}

const char *gradus_moment(char buffer[GRADUS_MOMENT_SIZE]) {
    struct tm parts;
    time_t now = time(NULL);
    gmtime_r(&now, &parts);
    strftime(buffer, GRADUS_MOMENT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return buffer;
}

static void add_source(void *context, const char *path, const char *checksum) {
    json_t *o = json_object();
    int failed = json_object_set_new(o, "path", gradus_json_text(path)) |
                 json_object_set_new(o, "checksum", gradus_json_text(checksum)) |
                 json_array_append_new(context, o);
    (void)failed; /* then a file is missing from the list, and memory is about to end */
}

json_t *gradus_provenance_data(const gradus_problem *problem) {
    json_t *list = json_array();
    if (list && problem->type->sources)
        problem->type->sources(problem->self, add_source, list);
    return list;
}

json_t *gradus_provenance(const gradus_problem *problem) {
    char moment[GRADUS_MOMENT_SIZE];
    json_t *o = json_object();
    int failed =
        json_object_set_new(o, "version", json_string(gradus_version())) |
        json_object_set_new(o, "commit", json_string(GRADUS_COMMIT)) |
        json_object_set_new(o, "started", json_string(gradus_moment(moment))) |
        json_object_set_new(o, "compiler", compiler()) |
        json_object_set_new(o, "flags", gradus_json_text(GRADUS_FLAGS)) |
        json_object_set_new(o, "processor", processor()) |
        json_object_set_new(o, "vectors", json_string(gradus_vectors())) |
        json_object_set_new(o, "cores", json_integer(sysconf(_SC_NPROCESSORS_ONLN))) |
        json_object_set_new(o, "kernel", kernel()) |
        json_object_set_new(o, "threads", json_integer((json_int_t)problem->threads)) |
        json_object_set_new(o, "blas", blas()) |
        json_object_set_new(o, "libraries", libraries()) |
        json_object_set_new(o, "data", gradus_provenance_data(problem));
    return gradus_json_unless(failed, o);
}

/* ---- Contamination ---- */

/* Busy time of all processors since the machine started, from /proc/stat: user, nice,
   system, idle, iowait, irq, softirq, steal, in ticks.  */
static double machine_seconds(void) {
    unsigned long long user, nice, system, idle, wait, irq, softirq, steal;
    FILE *file = fopen("/proc/stat", "r");
    int fields = file ? fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user,
                               &nice, &system, &idle, &wait, &irq, &softirq, &steal)
                      : 0;
    if (file)
        fclose(file);
    if (fields != 8)
        return NAN;
    return (double)(user + nice + system + irq + softirq + steal) /
           (double)sysconf(_SC_CLK_TCK);
}

gradus_load gradus_load_now(void) {
    return (gradus_load){.own = gradus_times_now(), .machine = machine_seconds()};
}

/* Ratios are what timings are still compared within.  A run that ends within the slack of
   its bound is too short for the difference to be seen: the kernel counts the machine's
   time in hundredths of a second.  */
static const double WAITING = 1.2, EXTRA = 1.05, OTHERS = 0.25;
static const double SLACK = 0.05, CLOCK_SLACK = 0.001;
const char gradus_contamination_rule[] =
    "A run's timing is marked when it was billed more wall-seconds than 1.2 times its "
    "CPU-seconds + 0.05 (it waited for a processor), more CPU-seconds than 1.05 times "
    "threads times wall-seconds + 0.001 (threads that are not ours), or when other "
    "processes "
    "used more CPU-seconds while it ran than a quarter of the wall-seconds + 0.05, beyond "
    "all that the race's runs beside it can use.";

const char *gradus_contamination(gradus_load before, gradus_times billed, size_t threads) {
    gradus_load now = gradus_load_now();
    double wall = now.own.wall - before.own.wall, own = now.own.cpu - before.own.cpu;
    double others =
        now.machine - before.machine - own - (double)before.beside * (double)threads * wall;
    if (!(billed.wall <= WAITING * billed.cpu + SLACK))
        return "it waited for a processor";
    if (!(billed.cpu <= EXTRA * (double)threads * billed.wall + CLOCK_SLACK))
        return "more CPU time than its threads can use";
    if (others > OTHERS * wall + SLACK) /* not so when it is not known */
        return "other processes used the machine";
    return NULL;
}
