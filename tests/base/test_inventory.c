/* The list of what a checkpoint holds: grows, keeps its order, and a run's has every name
   once.  */

#include "../scarce.h"
#include "../specs.h"
#include "base/inventory.h"
#include "core/run.h"

enum { MANY = 200 };

static void add_many(gradus_inventory *inventory, double numbers[MANY]) {
    for (size_t i = 0; i < MANY; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%zu", i);
        gradus_inventory_add(inventory, GRADUS_KEPT_REALS, "some", name, &numbers[i], 1);
    }
}

START_TEST(grows_and_keeps_its_order) {
    double numbers[MANY];
    gradus_inventory inventory = {0};
    add_many(&inventory, numbers);
    ck_assert(!inventory.failed && inventory.count == MANY);
    for (size_t i = 0; i < MANY; i++) {
        char name[32];
        snprintf(name, sizeof name, "some/n%zu", i);
        ck_assert_str_eq(inventory.list[i].name, name);
        ck_assert_ptr_eq(inventory.list[i].data, &numbers[i]);
    }
    gradus_inventory_close(&inventory);
    ck_assert_int_eq(live, 0);
    gradus_inventory_close(&inventory);
}
END_TEST

START_TEST(says_when_memory_runs_out) {
    double numbers[MANY];
    for (long k = 0; k < 3; k++) { /* rooms of 64, 128 and 256 */
        gradus_inventory inventory = {0};
        budget = k;
        add_many(&inventory, numbers);
        ck_assert(inventory.failed);
        budget = LONG_MAX;
        gradus_inventory_close(&inventory);
        ck_assert_int_eq(live, 0);
    }
}
END_TEST

static void check_names(const char *problem, const char *method, const char *options) {
    gradus_problem *p;
    gradus_method *m;
    gradus_run *run;
    gradus_inventory inventory = {0};
    char spec[SPEC_SIZE];
    assert_ok(gradus_problem_create(&p, small_spec(problem, spec), 1, NULL));
    assert_ok(gradus_method_create(&m, method, NULL));
    if (gradus_run_open(&run, p, m, NULL, options, NULL) == GRADUS_OK) {
        gradus_run_list(run, &inventory);
        ck_assert(!inventory.failed && inventory.count > 20);
        for (size_t i = 0; i < inventory.count; i++) {
            const gradus_kept *kept = &inventory.list[i];
            ck_assert_msg(kept->data && kept->count > 0, "%s: nothing", kept->name);
            ck_assert_msg(strlen(kept->name) < sizeof kept->name - 1, "%s...", kept->name);
            for (size_t j = 0; j < i; j++)
                ck_assert_msg(strcmp(inventory.list[j].name, kept->name) != 0,
                              "%s, %s: %s is there twice", method, options, kept->name);
        }
        gradus_inventory_close(&inventory);
    }
    gradus_run_close(run);
    gradus_method_close(m);
    gradus_problem_close(p);
}

START_TEST(every_name_once) {
    make_specs();
    for (size_t i = 0; gradus_method_types[i]; i++) {
        const char *name = gradus_method_types[i]->name;
        check_names("softmax", name, "");
        check_names("softmax", name, "batch=7");
        check_names("softmax", name, "coordinates=whitened");
    }
    check_names("softmax", "sgd:momentum=0.9,schedule=plateau", "coordinates=whitened");
    check_names("softmax", "prong:momentum_at_refresh=keep,momentum=0.9", "");
    remove_specs();
}
END_TEST

TEST_MAIN("inventory", grows_and_keeps_its_order, says_when_memory_runs_out,
          every_name_once)
