/* Every committed input of the fuzz targets (fuzz/seeds/TARGET/NAME), and a thousand
   changed ones of each target: read, or refused with a sentence.  The targets check what
   was read; the sanitizers and valgrind see to the rest.

     test_fuzz TARGET FILE...   gives the files to one target, and says what it says  */

#include "fuzz/fuzz.h"
#include "support.h"

#include <dirent.h>
#include <sys/stat.h>

#define TARGET_ROW(name) {#name, fuzz_##name},
static const struct {
    const char *name;
    fuzz_target *run;
} targets[] = {FUZZ_TARGETS(TARGET_ROW)};
enum { TARGETS = sizeof targets / sizeof *targets, ROOM = 1 << 16, VARIANTS = 1000 };

/* ---- Inputs ---- */

typedef struct {
    char name[256];
    uint8_t *bytes;
    size_t size;
} input_t;

static input_t read_input(const char *path) {
    input_t input = {.bytes = malloc(ROOM)};
    FILE *file = fopen(path, "rb");
    const char *slash = strrchr(path, '/');
    if (!file)
        fuzz_fail(__FILE__, __LINE__, "an input can be read", path);
    input.size = fread(input.bytes, 1, ROOM, file);
    FUZZ_REQUIRE(input.size < ROOM);
    fclose(file);
    snprintf(input.name, sizeof input.name, "%s", slash ? slash + 1 : path);
    return input;
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const input_t *)a)->name, ((const input_t *)b)->name);
}

/* The committed inputs of a target, in the order of their names.  */
static size_t read_inputs(const char *target, input_t inputs[], size_t room) {
    char folder[2048], path[4096];
    const char *srcdir = getenv("srcdir");
    size_t count = 0;
    snprintf(folder, sizeof folder, "%s/tests/fuzz/seeds/%s", srcdir ? srcdir : ".",
             target);
    DIR *files = opendir(folder);
    ck_assert_msg(files != NULL, "%s cannot be read", folder);
    for (struct dirent *file; (file = readdir(files));) {
        if (file->d_name[0] == '.')
            continue;
        ck_assert_uint_lt(count, room);
        snprintf(path, sizeof path, "%s/%s", folder, file->d_name);
        inputs[count++] = read_input(path);
    }
    closedir(files);
    qsort(inputs, count, sizeof *inputs, by_name);
    return count;
}

/* ---- The inputs as they are ---- */

static bool begins(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

/* The name says what must become of an input.  */
static void replay(const char *target, fuzz_target *run, const input_t *input) {
    bool valid = begins(input->name, "valid-");
    ck_assert_msg(valid || begins(input->name, "wrong-"),
                  "%s/%s: expected a name that begins with valid- or wrong-", target,
                  input->name);
    ck_assert_msg(run(input->bytes, input->size) == valid, "%s/%s was %s: %s", target,
                  input->name, valid ? "refused" : "accepted", fuzz_reason());
}

/* ---- Changed inputs ---- */

/* Numerical Recipes' generator, of which the upper bits are taken.  */
static unsigned below(unsigned *state, unsigned bound) {
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % bound;
}

/* One to three bytes replaced: by any, by one that means something in a format, or by a
   neighbour of it; and one in four is cut.  */
static size_t change(unsigned *state, uint8_t *bytes, size_t size) {
    static const unsigned char telling[] = "0192:.-+eE #\n\r\t\0n,\"{}[]()";
    for (unsigned changes = 1 + below(state, 3); changes > 0; changes--) {
        uint8_t *byte = &bytes[below(state, (unsigned)size)];
        switch (below(state, 3)) {
        case 0:
            *byte = (uint8_t)below(state, 256);
            break;
        case 1:
            *byte = telling[below(state, sizeof telling)];
            break;
        default:
            *byte ^= (uint8_t)(1u << below(state, 8));
        }
    }
    return below(state, 4) == 0 ? below(state, (unsigned)size + 1) : size;
}

/* Long inputs are there for what they are, and changed ones would take their time.  */
static size_t give_changed(fuzz_target *run, const input_t inputs[], size_t count) {
    enum { LONGEST = 4096 };
    static uint8_t bytes[ROOM];
    unsigned state = 2385;
    size_t accepted = 0;
    for (size_t i = 0; i < VARIANTS; i++) {
        const input_t *input = &inputs[i % count];
        if (input->size == 0 || input->size > LONGEST)
            continue;
        memcpy(bytes, input->bytes, input->size);
        accepted += run(bytes, change(&state, bytes, input->size));
    }
    return accepted;
}

/* ---- The test, for every target ---- */

START_TEST(inputs) {
    enum { MOST = 200 };
    static input_t list[MOST];
    const char *name = targets[_i].name;
    size_t count = read_inputs(name, list, MOST);
    ck_assert_uint_gt(count, 0);
    for (size_t i = 0; i < count; i++)
        replay(name, targets[_i].run, &list[i]);
    size_t accepted = give_changed(targets[_i].run, list, count);
    printf("%s: %zu inputs, %zu of %d changed ones are valid\n", name, count, accepted,
           VARIANTS);
    /* If all or none were, the changes would test nothing.  */
    ck_assert_uint_gt(accepted, 0);
    ck_assert_uint_lt(accepted, VARIANTS);
    for (size_t i = 0; i < count; i++)
        free(list[i].bytes);
}
END_TEST

static int run_files(const char *name, int count, char **paths) {
    size_t target = 0;
    while (target < TARGETS && strcmp(targets[target].name, name) != 0)
        target++;
    if (target == TARGETS) {
        fprintf(stderr, "test_fuzz: there is no target '%s'\n", name);
        return EXIT_FAILURE;
    }
    for (int i = 0; i < count; i++) {
        input_t input = read_input(paths[i]);
        bool accepted = targets[target].run(input.bytes, input.size);
        printf("%s: %s\n", paths[i], accepted ? "accepted" : fuzz_reason());
        free(input.bytes);
    }
    return EXIT_SUCCESS;
}

int main(int count, char **arguments) {
    if (count > 1)
        return run_files(arguments[1], count - 2, arguments + 2);
    Suite *suite = suite_create("fuzz");
    TCase *tcase = tcase_create("fuzz");
    tcase_set_timeout(tcase, 600); /* for valgrind; nothing here is timed */
    tcase_add_loop_test(tcase, inputs, 0, TARGETS);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
