/* A checkpoint.  What a valid one is depends on the version of Gradus, so the input is what
   is changed in one:

     byte 0      bit 0: 0, bytes of the file are changed;
                        1, the numbers of the state are, and the file has the
                           right checksum
                 bits 1 and 2: the method
     bytes 1, 2  0, the whole file; else only so many bytes of it
     then        by three: two bytes of offset, and the new byte

   All numbers have the higher byte first.  */

#include "base/inventory.h"
#include "base/memory.h"
#include "core/run.h"
#include "fuzz/fuzz.h"
#include "harness/run/checkpoint_file.h"

#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { METHODS = 4, UPDATES = 3, ROOM = 1 << 17, HEADER = 3, CHANGE = 3 };
static const char *const specs[METHODS] = {"adam", "lbfgs:memory=3", "nonlinear_cg",
                                           "sgd:momentum=0.9"};

static gradus_problem *problem;
static gradus_method *methods[METHODS];
static unsigned char image[METHODS][ROOM], changed[ROOM];
static size_t image_size[METHODS];

static gradus_run *open_run(size_t method) {
    gradus_run *run;
    gradus_error why;
    gradus_err err = gradus_run_open(&run, problem, methods[method], NULL,
                                     "seed=4,updates=100,gradient_tolerance=0", &why);
    FUZZ_REQUIRE(!err);
    return run;
}

static void go_on(gradus_run *run) {
    for (int i = 0; i < UPDATES && gradus_run_test(run) == GRADUS_RUNNING; i++)
        FUZZ_REQUIRE(!gradus_run_step(run, NULL));
}

static size_t read_back(const char *path, unsigned char bytes[ROOM]) {
    FILE *file = fopen(path, "rb");
    FUZZ_REQUIRE(file != NULL);
    size_t size = fread(bytes, 1, ROOM, file);
    FUZZ_REQUIRE(size < ROOM);
    fclose(file);
    return size;
}

static size_t write_checkpoint(gradus_run *run, unsigned char bytes[ROOM]) {
    gradus_error why;
    const char *path = fuzz_in_folder("checkpoint.h5");
    FUZZ_REQUIRE(!gradus_checkpoint_write_with(run, "note", 4, path, &why));
    return read_back(path, bytes);
}

/* One of every method, after some updates.  */
static void make_images(void) {
    FUZZ_REQUIRE(!gradus_problem_create(&problem, "rosenbrock:dimension=4", 1, NULL));
    for (size_t m = 0; m < METHODS; m++) {
        FUZZ_REQUIRE(!gradus_method_create(&methods[m], specs[m], NULL));
        gradus_run *run = open_run(m);
        go_on(run);
        image_size[m] = write_checkpoint(run, image[m]);
        gradus_run_close(run);
    }
}

/* Changes bytes of the numbers that RUN keeps, as if they were one array.  Positions and
   generators' states are left alone: with the right checksum, a reader believes them.  */
static void change_state(gradus_run *run, const uint8_t *changes, size_t count) {
    gradus_inventory inventory = {0};
    gradus_run_list(run, &inventory);
    for (; count >= CHANGE; changes += CHANGE, count -= CHANGE) {
        size_t offset = (size_t)changes[0] << 8 | changes[1];
        for (size_t i = 0; i < inventory.count; i++) {
            const gradus_kept *kept = &inventory.list[i];
            size_t bytes = kept->count * gradus_kept_width(kept->kind);
            if (kept->kind != GRADUS_KEPT_REALS)
                continue;
            if (offset < bytes) {
                ((uint8_t *)kept->data)[offset] = changes[2];
                break;
            }
            offset -= bytes;
        }
    }
    gradus_inventory_close(&inventory);
}

static size_t change_file(size_t method, const uint8_t *changes, size_t count) {
    size_t size = image_size[method];
    memcpy(changed, image[method], size);
    for (; count >= CHANGE; changes += CHANGE, count -= CHANGE)
        changed[((size_t)changes[0] << 8 | changes[1]) % size] = changes[2];
    return size;
}

/* A run that was refused its checkpoint is where it began; one that was not goes on.  */
static bool read_changed(size_t method, size_t size) {
    gradus_error why;
    void *note;
    size_t note_size;
    gradus_run *run = open_run(method);
    double start = gradus_run_parameters(run)[0];
    fuzz_file file = fuzz_file_in_folder(changed, size);
    gradus_err err = gradus_checkpoint_read_with(run, &note, &note_size, file.path, &why);
    bool accepted = fuzz_accepted(err, &why);
    fuzz_file_close(&file);
    FUZZ_REQUIRE(H5Fget_obj_count(H5F_OBJ_ALL, H5F_OBJ_ALL) == 0);
    if (accepted)
        go_on(run);
    else
        FUZZ_REQUIRE(gradus_run_updates(run) == 0 && !note &&
                     fuzz_same(gradus_run_parameters(run), &start, 1));
    gradus_free(note);
    gradus_run_close(run);
    return accepted;
}

bool fuzz_checkpoint(const uint8_t *bytes, size_t size) {
    if (!problem)
        make_images();
    size_t before = fuzz_live(), length;
    if (size < HEADER)
        return false;
    size_t method = bytes[0] >> 1 & 3, cut = (size_t)bytes[1] << 8 | bytes[2];
    if (bytes[0] & 1) {
        gradus_run *run = open_run(method);
        go_on(run);
        change_state(run, bytes + HEADER, size - HEADER);
        length = write_checkpoint(run, changed);
        gradus_run_close(run);
    } else
        length = change_file(method, bytes + HEADER, size - HEADER);
    bool accepted = read_changed(method, cut > 0 && cut < length ? cut : length);
    FUZZ_REQUIRE(fuzz_live() == before);
    return accepted;
}
