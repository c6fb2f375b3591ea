/* Checkpoint files: what is not of this run, or not whole, is refused with a sentence and
   changes nothing.  That a run goes on from one to the bit is for test_resume.c.  */

#include "harness/run/checkpoint_file.h"

#include "base/memory.h"
#include "core/registry.h"
#include "core/run_parts.h"

#include "../../scarce.h"
#include "../scratch.h"

#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
} bench_t;

static bench_t open_bench(const char *problem, const char *method, const char *options) {
    bench_t b;
    assert_ok(gradus_problem_create(&b.problem, problem, 1, NULL));
    assert_ok(gradus_method_create(&b.method, method, NULL));
    assert_ok(gradus_run_open(&b.run, b.problem, b.method, NULL, options, NULL));
    return b;
}

static void close_bench(bench_t *b) {
    gradus_run_close(b->run);
    gradus_method_close(b->method);
    gradus_problem_close(b->problem);
}

#define PROBLEM "quadratic:dimension=7,condition=20"
#define METHOD  "adam:learning_rate=0.125"

/* A checkpoint after three updates.  */
static const char *write_good(void) {
    gradus_error why;
    bench_t b = open_bench(PROBLEM, METHOD, "seed=4,updates=3");
    while (gradus_run_test(b.run) == GRADUS_RUNNING)
        assert_ok(gradus_run_step(b.run, NULL));
    ck_assert_msg(!gradus_checkpoint_write(b.run, in_scratch("good.h5"), &why), "%s",
                  why.text);
    close_bench(&b);
    return in_scratch("good.h5");
}

/* A run that differs, and what the sentence must say.  */
static void refuses(const char *path, const char *problem, const char *method,
                    const char *options, const char *says) {
    gradus_error why;
    bench_t b = open_bench(problem, method, options);
    double start = gradus_run_parameters(b.run)[0];
    ck_assert_msg(gradus_checkpoint_read(b.run, path, &why) == GRADUS_EINPUT,
                  "%s, %s, %s: not refused", problem, method, options);
    assert_sentence(why.text);
    assert_contains(why.text, path);
    assert_contains(why.text, says);
    ck_assert_uint_eq(gradus_run_updates(b.run), 0);
    ck_assert(same_bits(gradus_run_parameters(b.run)[0], start));
    close_bench(&b);
}

START_TEST(only_of_the_same_run) {
    make_scratch();
    const char *good = write_good();
    refuses(good, "quadratic:dimension=8,condition=20", METHOD, "seed=4",
            "problem dimension is \"7\", expected \"8\"");
    refuses(good, "quadratic:dimension=7,condition=21", METHOD, "seed=4",
            "problem condition is \"20\", expected \"21\"");
    refuses(good, "rosenbrock:dimension=8", METHOD, "seed=4",
            "problem name is \"quadratic\", expected \"rosenbrock\"");
    refuses(good, PROBLEM, "sgd", "seed=4", "method name is \"adam\", expected \"sgd\"");
    refuses(good, PROBLEM, "adam:learning_rate=0.25", "seed=4",
            "method learning_rate is \"0.125\", expected \"0.25\"");
    refuses(good, PROBLEM, METHOD, "seed=5", "run seed is \"4\", expected \"5\"");
    refuses(good, PROBLEM, METHOD, "seed=4,measure_examples=1", "run measure_examples");
    clear_scratch();
}
END_TEST

static size_t read_bytes(const char *path, unsigned char bytes[], size_t room) {
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    size_t size = fread(bytes, 1, room, file);
    ck_assert(size < room);
    fclose(file);
    return size;
}

/* The file that another version would have written, of the same length.  */
START_TEST(only_of_this_version) {
    static unsigned char bytes[1 << 18];
    char mine[64], other[64];
    make_scratch();
    size_t size = read_bytes(write_good(), bytes, sizeof bytes);
    size_t length =
        (size_t)snprintf(mine, sizeof mine, "\"version\":\"%s\"", gradus_version());
    memcpy(other, mine, length + 1);
    other[length - 2] = other[length - 2] == '9' ? '8' : '9';
    unsigned char *at = memmem(bytes, size, mine, length);
    ck_assert_ptr_nonnull(at);
    memcpy(at, other, length);
    write_scratch("other.h5", (const char *)bytes, size);
    refuses(in_scratch("other.h5"), PROBLEM, METHOD, "seed=4",
            "a checkpoint of another run: its version is \"");
    clear_scratch();
}
END_TEST

/* How long to run and how often to look are no part of what a run is.  */
START_TEST(goes_on_with_other_budgets) {
    make_scratch();
    const char *good = write_good();
    bench_t b = open_bench(PROBLEM, METHOD,
                           "seed=4,updates=5,passes=100,measure_every=2,target=-1,"
                           "gradient_tolerance=1e-9,cpu_seconds=100");
    gradus_error why = {0};
    ck_assert_msg(!gradus_checkpoint_read(b.run, good, &why), "%s", why.text);
    ck_assert_uint_eq(gradus_run_updates(b.run), 3);
    while (gradus_run_test(b.run) == GRADUS_RUNNING)
        assert_ok(gradus_run_step(b.run, NULL));
    ck_assert_int_eq(gradus_run_stop(b.run), GRADUS_STOP_UPDATES);
    ck_assert_uint_eq(gradus_run_updates(b.run), 5);
    close_bench(&b);
    clear_scratch();
}
END_TEST

START_TEST(a_note_comes_back) {
    static const char text[] = "2.385\n";
    bench_t b = open_bench(PROBLEM, METHOD, "seed=4");
    gradus_error why = {0};
    void *note;
    size_t size;
    make_scratch();
    const char *path = in_scratch("noted.h5");
    ck_assert_msg(!gradus_checkpoint_write_with(b.run, text, sizeof text, path, &why), "%s",
                  why.text);
    ck_assert_int_eq(gradus_checkpoint_read(b.run, path, NULL), GRADUS_OK);
    ck_assert_int_eq(gradus_checkpoint_read_with(b.run, &note, &size, path, NULL),
                     GRADUS_OK);
    ck_assert_uint_eq(size, sizeof text);
    ck_assert_mem_eq(note, text, size);
    gradus_free(note);
    assert_ok(gradus_checkpoint_write(b.run, path, NULL));
    assert_ok(gradus_checkpoint_read_with(b.run, &note, &size, path, NULL));
    ck_assert(!note && size == 0);
    close_bench(&b);
    clear_scratch();
}
END_TEST

/* The leak sanitizer asks what it should pass over, where there is one.  */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:libhdf5"; }

/* Every length is refused, and every damaged byte that is not refused is one that HDF5 does
   not use: the run is then the saved one.  (Of some HDF5 leaks memory of its own, for which
   it complains of an infinite loop when the program ends.)  */
START_TEST(only_whole_files) {
    static unsigned char bytes[1 << 18];
    make_scratch();
    const char *good = write_good();
    size_t size = read_bytes(good, bytes, sizeof bytes);
    const char *bad = in_scratch("bad.h5");
    bench_t want = open_bench(PROBLEM, METHOD, "seed=4");
    assert_ok(gradus_checkpoint_read(want.run, good, NULL));
    for (size_t length = 0; length < size; length += size / 40) {
        write_scratch("bad.h5", (const char *)bytes, length);
        bench_t b = open_bench(PROBLEM, METHOD, "seed=4");
        gradus_error why;
        ck_assert_msg(gradus_checkpoint_read(b.run, bad, &why) == GRADUS_EINPUT,
                      "%zu bytes of %zu are accepted", length, size);
        assert_sentence(why.text);
        ck_assert_uint_eq(gradus_run_updates(b.run), 0);
        close_bench(&b);
    }
    size_t refused = 0;
    for (size_t at = 7; at < size; at += 97) {
        bytes[at] ^= 0x24;
        write_scratch("bad.h5", (const char *)bytes, size);
        bytes[at] ^= 0x24;
        bench_t b = open_bench(PROBLEM, METHOD, "seed=4");
        gradus_error why;
        gradus_err err = gradus_checkpoint_read(b.run, bad, &why);
        refused += err != GRADUS_OK;
        if (err)
            assert_sentence(why.text);
        ck_assert_mem_eq(gradus_run_parameters(b.run),
                         gradus_run_parameters(err ? b.run : want.run), 7 * sizeof(double));
        ck_assert_uint_eq(gradus_run_updates(b.run), err ? 0 : 3);
        close_bench(&b);
    }
    printf("%zu of %zu damaged files are refused\n", refused, (size - 7 + 96) / 97);
    ck_assert_uint_gt(refused, 0);
    close_bench(&want);
    clear_scratch();
}
END_TEST

START_TEST(other_files_are_refused) {
    make_scratch();
    refuses(in_scratch("nowhere.h5"), PROBLEM, METHOD, "seed=4", "No such file");
    refuses(write_scratch("text.h5", "not HDF5\n", 9), PROBLEM, METHOD, "seed=4",
            "not a whole HDF5 file");
    bench_t b = open_bench(PROBLEM, METHOD, "seed=4");
    gradus_error why;
    ck_assert_int_eq(gradus_checkpoint_write(b.run, in_scratch("no/x.h5"), &why),
                     GRADUS_EINPUT);
    assert_sentence(why.text);
    close_bench(&b);
    clear_scratch();
}
END_TEST

START_TEST(equal_runs_write_equal_files) {
    static unsigned char one[1 << 18], other[1 << 18];
    make_scratch();
    bench_t b = open_bench(PROBLEM, METHOD, "seed=4");
    assert_ok(gradus_checkpoint_write(b.run, in_scratch("a.h5"), NULL));
    assert_ok(gradus_checkpoint_write(b.run, in_scratch("b.h5"), NULL));
    size_t size = read_bytes(in_scratch("a.h5"), one, sizeof one);
    ck_assert_uint_eq(read_bytes(in_scratch("b.h5"), other, sizeof other), size);
    ck_assert_mem_eq(one, other, size);
    close_bench(&b);
    clear_scratch();
}
END_TEST

/* Both directions, the k-th allocation failing for every k.  */
START_TEST(without_memory) {
    make_scratch();
    const char *path = in_scratch("scarce.h5");
    bench_t b = open_bench(PROBLEM, METHOD, "seed=4");
    assert_ok(gradus_run_step(b.run, NULL));
    for (int reading = 0; reading < 2; reading++) {
        gradus_err err = GRADUS_ENOMEM;
        for (long k = 0; err; k++) {
            gradus_error why = {0};
            long before = live;
            budget = k;
            err = reading ? gradus_checkpoint_read(b.run, path, &why)
                          : gradus_checkpoint_write(b.run, path, &why);
            budget = LONG_MAX;
            ck_assert_int_eq(live, before);
            ck_assert_msg(!err || err == GRADUS_ENOMEM, "allocation %ld: %s", k, why.text);
            ck_assert(k > 0 || err);
            if (err)
                assert_sentence(why.text);
            struct stat there;
            ck_assert(reading || !err || stat(path, &there) != 0);
        }
    }
    close_bench(&b);
    clear_scratch();
}
END_TEST

/* What the method keeps may be half changed; interrupts are for test_interrupt.c.  */
START_TEST(abandoned_runs_are_not_saved) {
    make_scratch();
    gradus_error why;
    bench_t b = open_bench(PROBLEM, METHOD, "seed=4");
    b.run->abandoned = true;
    ck_assert_int_eq(gradus_checkpoint_write(b.run, in_scratch("half.h5"), &why),
                     GRADUS_EINPUT);
    assert_contains(why.text, "interrupted inside an update");
    ck_assert(access(in_scratch("half.h5"), F_OK) != 0);
    close_bench(&b);
}
END_TEST

/* ---- Forged files ---- */

/* Of a run that stands at three updates, ITEM of its inventory being forged, the checksum
   right: refused, or gone on with.  */
static bool take_up(bench_t *from, gradus_kept *item, const char *method,
                    const char *options) {
    const char *path = in_scratch("forged.h5");
    size_t width = gradus_kept_width(item->kind);
    unsigned char kept[sizeof(size_t)], *last = item->data;
    gradus_error why;
    last += (item->count - 1) * width;
    memcpy(kept, last, width);
    memset(last, 0xff, width);
    assert_ok(gradus_checkpoint_write(from->run, path, &why));
    memcpy(last, kept, width);
    bench_t b =
        open_bench("softmax:data=random:examples=30:features=3:classes=3", method, options);
    gradus_err err = gradus_checkpoint_read(b.run, path, &why);
    if (err) {
        ck_assert_int_eq(err, GRADUS_EINPUT);
        assert_contains(why.text, item->name);
        assert_contains(why.text, "expected at most");
    }
    for (int i = 0; !err && i < 3; i++)
        ck_assert_int_ne(gradus_run_step(b.run, &why), GRADUS_ENOMEM);
    close_bench(&b);
    return !err;
}

/* Every size and flag that a method of the library keeps.  */
START_TEST(forged_files) {
    static const char *const options[] = {"seed=4", "seed=4,batch=7",
                                          "seed=4,batch=7,sampling=iid"};
    size_t taken = 0, refused = 0;
    make_scratch();
    for (size_t i = 0; gradus_method_types[i]; i++)
        for (size_t j = 0; j < sizeof options / sizeof *options; j++) {
            const char *name = gradus_method_types[i]->name;
            bench_t b = {0};
            gradus_inventory inventory = {0};
            assert_ok(gradus_problem_create(
                &b.problem, "softmax:data=random:examples=30:features=3:classes=3", 1,
                NULL));
            if (!gradus_method_create(&b.method, name, NULL) &&
                !gradus_run_open(&b.run, b.problem, b.method, NULL, options[j], NULL)) {
                for (int k = 0; k < 3; k++)
                    assert_ok(gradus_run_step(b.run, NULL));
                gradus_run_list(b.run, &inventory);
            }
            for (size_t k = 0; k < inventory.count; k++) {
                gradus_kept *item = &inventory.list[k];
                if (item->kind != GRADUS_KEPT_SIZES && item->kind != GRADUS_KEPT_FLAGS)
                    continue;
                bool goes_on = take_up(&b, item, name, options[j]);
                taken += goes_on;
                refused += !goes_on;
                ck_assert(!goes_on || item->kind == GRADUS_KEPT_SIZES);
            }
            gradus_inventory_close(&inventory);
            close_bench(&b);
        }
    printf("%zu forged files refused, %zu gone on with\n", refused, taken);
    ck_assert_uint_gt(refused, 0);
}
END_TEST

/* The index of the generator's next word leads out of its state.  */
START_TEST(forged_generators) {
    gradus_inventory inventory = {0};
    gradus_error why;
    make_scratch();
    bench_t b = open_bench(PROBLEM, METHOD, "seed=4"), c;
    gradus_run_list(b.run, &inventory);
    for (size_t k = 0; k < inventory.count; k++) {
        gradus_kept *item = &inventory.list[k];
        if (item->kind != GRADUS_KEPT_BYTES)
            continue;
        memset(item->data, 0x7f, item->count);
        assert_ok(gradus_checkpoint_write(b.run, in_scratch("forged.h5"), &why));
        c = open_bench(PROBLEM, METHOD, "seed=4");
        ck_assert_int_eq(gradus_checkpoint_read(c.run, in_scratch("forged.h5"), &why),
                         GRADUS_EINPUT);
        assert_contains(why.text, "expected the state of a Mersenne twister");
        close_bench(&c);
    }
    gradus_inventory_close(&inventory);
    close_bench(&b);
}
END_TEST

TEST_MAIN("checkpoint_file", abandoned_runs_are_not_saved, forged_files, forged_generators,
          a_note_comes_back, only_of_the_same_run, only_of_this_version,
          goes_on_with_other_budgets, only_whole_files, other_files_are_refused,
          equal_runs_write_equal_files, without_memory)
