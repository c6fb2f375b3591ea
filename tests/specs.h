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
    /* The next four so that Newton's method is not there before the fifth update.  */
    {"valley", "valley:condition=1e3,angle=30"},
    {"saddle", "saddle:start_y=12"},
    {"gaussian", "gaussian:start_scale=2"},
    {"brown_badly_scaled", "brown_badly_scaled:start_scale=1.5"},
    {"cliff", "cliff:height=2,steepness=2"},
    {"softmax", "softmax:data=%s/three.svm,l2=1e-2,validation=0.2"},
    {"logistic", "logistic:data=%s/two.svm,l2=1e-2"},
    {"autoencoder",
     "autoencoder:data=%s/three.svm,layers=4-2,loss=squared,activation=tanh,l2=1e-2"},
    {"network", "network:data=%s/three.svm,layers=6,l2=1e-2,validation=0.2"},
    {"normalised", "network:data=%s/three.svm,layers=6,batch_norm=yes,validation=0.2"},
};

/* A method without a line here is taken with its defaults; after a last "=" comes the rate
   of the problem.  */
static const struct {
    const char *name, *spec;
} small_methods[] = {
    {"sgd", "sgd:learning_rate="},
    {"nesterov", "nesterov:momentum=0.5,learning_rate="},
    /* A step so short that not every sign changes at once, which makes it stay and evaluate
       nothing.  */
    {"rprop", "rprop:initial_step="},
};

/* Below 2 over the largest curvature: rosenbrock's 1330 for all without a line here; of
   those that have one, what it is at the start and for a few updates on.  */
static const char usual_rate[] = "1e-3";
static const struct {
    const char *problem, *rate;
} small_rates[] = {
    {"powell_badly_scaled", "1e-9"},
    {"variably_dimensioned", "1e-7"},
    {"brown_badly_scaled", "1e-6"},
    {"brown_dennis", "1e-7"},
    {"wood", "1e-4"},
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

static inline const char *small_method(const char *name, const char *problem,
                                       char spec[SPEC_SIZE]) {
    const char *form = name, *rate = usual_rate;
    for (size_t i = 0; i < sizeof small_methods / sizeof *small_methods; i++)
        if (strcmp(small_methods[i].name, name) == 0)
            form = small_methods[i].spec;
    for (size_t i = 0; i < sizeof small_rates / sizeof *small_rates; i++)
        if (strcmp(small_rates[i].problem, problem) == 0)
            rate = small_rates[i].rate;
    bool open = form[strlen(form) - 1] == '=';
    snprintf(spec, SPEC_SIZE, "%s%s", form, open ? rate : "");
    return spec;
}

static inline const char *small_spec(const char *name, char spec[SPEC_SIZE]) {
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
