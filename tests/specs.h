/* Small instances of the library's problems, for tests that take every one.  A problem
   that needs data is given a LIBSVM file of the test's own, in a folder of the test's own.
   A problem without a line here is opened as its name alone says.  */

#ifndef GRADUS_TESTS_SPECS_H
#define GRADUS_TESTS_SPECS_H

#include "gradus.h"
#include "support.h"

#include <unistd.h>

enum { SPEC_EXAMPLES = 40, SPEC_FEATURES = 5, SPEC_SIZE = 256 };

/* %s is the folder.  */
static const struct {
    const char *name, *spec;
} small_specs[] = {
    {"slopes", "slopes:slopes=0.1x9 -0.9"},
    {"quadratic", "quadratic:dimension=11,condition=50"},
    {"rosenbrock", "rosenbrock:dimension=6"},
    {"rosenbrock_chained", "rosenbrock_chained:dimension=5"},
    {"nesterov_worst", "nesterov_worst:dimension=12"},
    /* The next two so that Newton's method is not there before the fifth update.  */
    {"valley", "valley:condition=1e3,angle=30"},
    {"saddle", "saddle:start_y=12"},
    {"cliff", "cliff:height=2,steepness=2"},
    {"softmax", "softmax:data=%s/three.svm,l2=1e-2,validation=0.2"},
    {"logistic", "logistic:data=%s/two.svm,l2=1e-2"},
};

/* A method without a line here is taken with its defaults.  */
static const struct {
    const char *name, *spec;
} small_methods[] = {
    /* Below 2 over the largest curvature of all problems above, rosenbrock's 1330.  */
    {"sgd", "sgd:learning_rate=1e-3"},
    {"nesterov", "nesterov:learning_rate=1e-4"},
};

static char spec_folder[] = "specs-XXXXXX";

static void write_svm(const char *name, int classes) {
    char path[64];
    snprintf(path, sizeof path, "%s/%s", spec_folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < SPEC_EXAMPLES; i++) {
        fprintf(file, "%d", i % classes);
        for (int j = 0; j < SPEC_FEATURES; j++)
            fprintf(file, " %d:%.3f", j + 1,
                    noise((uint64_t)(i * SPEC_FEATURES + j)) + (j == i % classes));
        fputc('\n', file);
    }
    ck_assert_int_eq(fclose(file), 0);
}

/* In the working directory, which is the build's.  */
static void make_specs(void) {
    strcpy(spec_folder + strlen(spec_folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(spec_folder));
    write_svm("three.svm", 3);
    write_svm("two.svm", 2);
}

static void remove_specs(void) {
    char path[64];
    snprintf(path, sizeof path, "%s/three.svm", spec_folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/two.svm", spec_folder);
    unlink(path);
    rmdir(spec_folder);
}

static inline const char *small_method(const char *name) {
    for (size_t i = 0; i < sizeof small_methods / sizeof *small_methods; i++)
        if (strcmp(small_methods[i].name, name) == 0)
            return small_methods[i].spec;
    return name;
}

static const char *small_spec(const char *name, char spec[SPEC_SIZE]) {
    snprintf(spec, SPEC_SIZE, "%s", name);
    for (size_t i = 0; i < sizeof small_specs / sizeof *small_specs; i++)
        if (strcmp(small_specs[i].name, name) == 0) {
            const char *form = small_specs[i].spec, *folder = strstr(form, "%s");
            if (folder)
                snprintf(spec, SPEC_SIZE, "%.*s%s%s", (int)(folder - form), form,
                         spec_folder, folder + 2);
            else
                snprintf(spec, SPEC_SIZE, "%s", form);
        }
    return spec;
}

/* Of mini-batches: fewer than the examples there are; 0 where there is one.  */
static inline int small_batch(const gradus_problem_type *type) {
    return type->examples ? 7 : 0;
}

#endif
