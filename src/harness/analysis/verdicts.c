/* Verdicts on claims.  */

#include "harness/analysis/verdicts.h"

#include "base/memory.h"
#include "harness/analysis/check.h"
#include "harness/io/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const gradus_scope *scope;
    const char *text; /* of the check */
    FILE *sentence;
    json_t *numbers;
    size_t count;
    int failed;
} verdict_t;

static void print_text(const verdict_t *v, const gradus_expression *e) {
    fprintf(v->sentence, "%.*s", (int)(e->end - e->begin), v->text + e->begin);
}

static bool is_plain(const gradus_expression *e) {
    if (e->operation == GRADUS_DO_NEGATE)
        e = e->argument[0];
    return e->operation == GRADUS_DO_NUMBER;
}

static void add_number(verdict_t *v, const gradus_expression *e, json_t *value) {
    json_t *o = json_object();
    v->failed |= json_object_set_new(o, "expression",
                                     json_stringn(v->text + e->begin, e->end - e->begin)) |
                 json_object_set_new(o, "value", value) |
                 json_array_append_new(v->numbers, o);
}

/* An operand, with its value unless it is a number as it stands.  */
static void say_operand(verdict_t *v, const gradus_expression *e) {
    print_text(v, e);
    if (is_plain(e))
        return;
    double value = gradus_check_value(e, v->scope);
    fprintf(v->sentence, isnan(value) ? " = not a number" : " = %.4g", value);
    add_number(v, e,
               isfinite(value) ? json_real(value)
                               : json_sprintf("%s", isnan(value) ? "nan"
                                                    : value > 0  ? "inf"
                                                                 : "-inf"));
}

static void say_all(verdict_t *v, const gradus_expression *e) {
    double truth;
    size_t count, holds = gradus_check_rows(v->scope, e, &truth, &count);
    print_text(v, e);
    fprintf(v->sentence, " in %zu of %zu rows", holds, count);
    add_number(v, e, json_real(count > 0 ? (double)holds / (double)count : 0));
}

static void say_comparison(verdict_t *v, const gradus_expression *e) {
    static const char *const signs[] = {
        [GRADUS_DO_LESS] = "<",      [GRADUS_DO_AT_MOST] = "<=", [GRADUS_DO_MORE] = ">",
        [GRADUS_DO_AT_LEAST] = ">=", [GRADUS_DO_EQUAL] = "==",   [GRADUS_DO_IN] = "in ["};
    say_operand(v, e->argument[0]);
    fprintf(v->sentence, e->operation == GRADUS_DO_IN ? " %s" : " %s ",
            signs[e->operation]);
    say_operand(v, e->argument[1]);
    if (e->operation != GRADUS_DO_IN)
        return;
    fputs(", ", v->sentence);
    say_operand(v, e->argument[2]);
    fputs("]", v->sentence);
}

/* The comparisons that a check is made of.  */
static void say(verdict_t *v, const gradus_expression *e) {
    if (e->operation >= GRADUS_DO_NOT) {
        for (size_t i = 0; i < e->arguments; i++)
            say(v, e->argument[i]);
        return;
    }
    if (v->count++ > 0)
        fputs("; ", v->sentence);
    if (e->operation == GRADUS_DO_CALL)
        say_all(v, e);
    else
        say_comparison(v, e);
}

/* Whether a run was ended by the clock: how far it came then hangs on the machine.  */
static bool is_ended_by_time(const gradus_results *results) {
    for (size_t i = 0; i < results->runs; i++)
        if (strcmp(results->run[i].status, gradus_stop_word(GRADUS_STOP_CPU)) == 0 ||
            strcmp(results->run[i].status, gradus_stop_word(GRADUS_STOP_WALL)) == 0)
            return true;
    return false;
}

/* NULL: no memory.  */
static json_t *judge(const gradus_scope *scope, const gradus_expression *e,
                     const char *text, const json_t *claim) {
    const char *id = json_string_value(json_object_get(claim, "id"));
    const char *that = json_string_value(json_object_get(claim, "that"));
    char *sentence = NULL;
    size_t size;
    FILE *file = open_memstream(&sentence, &size);
    if (!file)
        return NULL;
    verdict_t v = {.scope = scope, .text = text, .sentence = file, .numbers = json_array()};
    bool holds = gradus_check_value(e, scope) == 1;
    int begin = fprintf(file, "%s %s: %s (", id, holds ? "holds" : "does not hold", that);
    say(&v, e);
    const gradus_result *refused = gradus_check_refused(e, scope);
    if (refused)
        fprintf(file, "; %s is refused at %s", scope->results->labels[refused->method],
                scope->results->value[refused->variant]);
    fputs(")", file);
    bool timed = gradus_claim_is_timed(e) || is_ended_by_time(scope->results);
    json_t *o = json_object();
    v.failed |= fclose(file) | json_object_set_new(o, "id", json_string(id)) |
                json_object_set_new(o, "that", json_string(that)) |
                json_object_set_new(o, "check", json_string(text)) |
                json_object_set_new(o, "holds", json_boolean(holds)) |
                json_object_set_new(o, "timed", json_boolean(timed)) |
                json_object_set_new(o, "numbers", v.numbers);
    if (!v.failed)
        v.failed =
            json_object_set_new(o, "finding",
                                json_stringn(sentence + begin, size - (size_t)begin - 1)) |
            json_object_set_new(o, "verdict", json_string(sentence));
    free(sentence);
    return gradus_json_unless(v.failed, o);
}

static gradus_err judge_claim(const gradus_scope *scope, const json_t *claim, json_t *list,
                              gradus_error *why) {
    const char *text = json_string_value(json_object_get(claim, "check"));
    if (!text || !json_is_string(json_object_get(claim, "id")) ||
        !json_is_string(json_object_get(claim, "that")))
        return gradus_fail(why, GRADUS_EINPUT,
                           "manifest.json: claims: expected 'id', 'that' and 'check'");
    gradus_expression *e;
    gradus_error reason;
    gradus_err err = gradus_claim_parse(&e, text, scope->names, &reason);
    if (err)
        return gradus_fail(why, err, "manifest.json: claims: %s: %s",
                           json_string_value(json_object_get(claim, "id")), reason.text);
    if (json_array_append_new(list, judge(scope, e, text, claim)))
        err = gradus_fail(why, GRADUS_ENOMEM, "out of memory for the claims");
    gradus_expression_close(e);
    return err;
}

gradus_err gradus_claims_judge(json_t **out, const gradus_results *results,
                               gradus_error *why) {
    const json_t *claims = json_object_get(results->manifest, "claims");
    gradus_names names = {.labels = results->methods,
                          .label = results->labels,
                          .values = results->varied ? results->variants : 0,
                          .value = results->value,
                          .number = results->number,
                          .columns = results->runs ? results->run->trace.columns : 0,
                          .column = results->runs ? results->run->trace.name : NULL};
    gradus_scope scope = {.names = &names, .results = results};
    scope.scratch = GRADUS_NEW(results->runs, double);
    *out = json_array();
    if (!*out || !scope.scratch) {
        gradus_free(scope.scratch);
        json_decref(*out);
        *out = NULL;
        return gradus_fail(why, GRADUS_ENOMEM, "out of memory for the claims");
    }
    gradus_err err = GRADUS_OK;
    size_t count = results->missing ? 0 : json_array_size(claims);
    for (size_t i = 0; i < count && !err; i++)
        err = judge_claim(&scope, json_array_get(claims, i), *out, why);
    gradus_free(scope.scratch);
    if (err) {
        json_decref(*out);
        *out = NULL;
    }
    return err;
}

void gradus_claims_print(FILE *file, const json_t *verdicts) {
    size_t i;
    json_t *verdict;
    json_array_foreach((json_t *)verdicts, i, verdict)
        fprintf(file, "%s\n", json_string_value(json_object_get(verdict, "verdict")));
}
