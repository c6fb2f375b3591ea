/* The check of a claim: parsed, bound to names, evaluated on a small race.  */

#include "base/memory.h"
#include "fuzz/fuzz.h"
#include "harness/analysis/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The race: two methods, one run each at either of two varied values ---- */

enum { METHODS = 2, VALUES = 2, RUNS = METHODS * VALUES };

static const char *labels[] = {"sgd", "prong-100"}, *values[] = {"10", "wide"};
static double numbers[] = {10, 100};
static gradus_result runs[RUNS];
static gradus_names names = {
    .labels = METHODS, .label = labels, .value = values, .number = numbers};

static void make_race(void) {
    static const char text[] =
        "update,passes,cpu_seconds,wall_seconds,train_value,gradient_norm,test_accuracy\n"
        "0,0,0,0,4.5,2,0.25\n1,1,0.5,0.75,1.25,1,\n2,2,1,1.5,0.5,nan,0.875\n";
    fuzz_file file = fuzz_file_open(text, sizeof text - 1);
    for (size_t i = 0; i < RUNS; i++) {
        runs[i] = (gradus_result){.method = i % METHODS,
                                  .variant = i / METHODS,
                                  .seed = 1,
                                  .value = 0.5 + (double)i};
        FUZZ_REQUIRE(!gradus_trace_open(&runs[i].trace, file.path, NULL));
    }
    fuzz_file_close(&file);
    names.columns = runs[0].trace.columns;
    names.column = runs[0].trace.name;
}

static double value_of(const gradus_expression *e) {
    double scratch[RUNS];
    gradus_results results = {.methods = METHODS,
                              .runs = names.values ? RUNS : METHODS,
                              .variants = names.values ? VALUES : 1,
                              .labels = labels,
                              .value = values,
                              .number = numbers,
                              .run = runs};
    gradus_scope scope = {.names = &names, .results = &results, .scratch = scratch};
    gradus_claim_is_timed(e);
    gradus_check_refused(e, &scope);
    return gradus_check_value(e, &scope);
}

/* ---- Printing, with every parenthesis ---- */

static void print(FILE *stream, const gradus_expression *e);

static void print_list(FILE *stream, const gradus_expression *e, size_t first,
                       const char *between) {
    for (size_t i = first; i < e->arguments; i++) {
        fputs(i > first ? between : "", stream);
        print(stream, e->argument[i]);
    }
}

static void print_operation(FILE *stream, const gradus_expression *e) {
    static const char *const signs[] = {
        [GRADUS_DO_ADD] = "+",      [GRADUS_DO_SUBTRACT] = "-", [GRADUS_DO_MULTIPLY] = "*",
        [GRADUS_DO_DIVIDE] = "/",   [GRADUS_DO_POWER] = "^",    [GRADUS_DO_LESS] = "<",
        [GRADUS_DO_AT_MOST] = "<=", [GRADUS_DO_MORE] = ">",     [GRADUS_DO_AT_LEAST] = ">=",
        [GRADUS_DO_EQUAL] = "==",   [GRADUS_DO_AND] = " and ",  [GRADUS_DO_OR] = " or ",
        [GRADUS_DO_NEGATE] = "- ",  [GRADUS_DO_NOT] = "not "};
    if (e->operation == GRADUS_DO_IN) {
        print(stream, e->argument[0]);
        fputs(" in [", stream);
        print_list(stream, e, 1, ",");
        fputs("]", stream);
        return;
    }
    fputs(e->arguments == 1 ? signs[e->operation] : "", stream);
    print_list(stream, e, 0, signs[e->operation]);
}

static void print(FILE *stream, const gradus_expression *e) {
    switch (e->operation) {
    case GRADUS_DO_NUMBER:
        fprintf(stream, "%.17g", e->number);
        return;
    case GRADUS_DO_NAME:
        fputs(e->name, stream);
        return;
    case GRADUS_DO_QUOTED:
        fprintf(stream, "\"%s\"", e->name);
        return;
    case GRADUS_DO_CALL:
        fprintf(stream, "%s(", e->name);
        print_list(stream, e, 0, ",");
        break;
    default:
        fputc('(', stream);
        print_operation(stream, e);
    }
    fputc(')', stream);
}

/* ---- The target ---- */

static bool same_tree(const gradus_expression *a, const gradus_expression *b) {
    bool same = a->operation == b->operation && a->arguments == b->arguments &&
                fuzz_same(&a->number, &b->number, 1) && !a->name == !b->name &&
                (!a->name || strcmp(a->name, b->name) == 0) && a->index == b->index;
    for (size_t i = 0; same && i < a->arguments; i++)
        same = same_tree(a->argument[i], b->argument[i]);
    return same;
}

/* A check is at most so deep that its printing, one level of parentheses a node, may be too
   deep to be read; the refusal then says so.  */
static void check_again(const gradus_expression *e) {
    char *text;
    size_t length;
    gradus_error why;
    gradus_expression *again;
    FILE *stream = open_memstream(&text, &length);
    print(stream, e);
    fclose(stream);
    gradus_err err = gradus_claim_parse(&again, text, &names, &why);
    if (fuzz_accepted(err, &why)) {
        double value = value_of(e), other = value_of(again);
        FUZZ_REQUIRE(same_tree(e, again));
        FUZZ_REQUIRE(fuzz_same(&value, &other, 1));
    } else
        FUZZ_REQUIRE(strstr(why.text, "shallower") != NULL);
    gradus_expression_close(again);
    free(text);
}

static bool run_check(const char *text, size_t varied) {
    gradus_error why;
    gradus_expression *e;
    names.values = varied;
    bool accepted = fuzz_accepted(gradus_claim_parse(&e, text, &names, &why), &why);
    if (accepted)
        check_again(e);
    gradus_expression_close(e);
    return accepted;
}

bool fuzz_claim(const uint8_t *bytes, size_t size) {
    if (names.columns == 0)
        make_race();
    size_t before = fuzz_live();
    char *text = fuzz_text(bytes, size);
    bool accepted = run_check(text, 0);
    accepted = run_check(text, VALUES) || accepted;
    gradus_free(text);
    FUZZ_REQUIRE(fuzz_live() == before);
    return accepted;
}
