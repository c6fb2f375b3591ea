/* Verdicts in Markdown.  */

#include "harness/report/reproduction.h"

#include "base/memory.h"
#include "base/text.h"
#include "harness/io/folder.h"
#include "harness/io/json.h"
#include "harness/io/output.h"
#include "harness/io/text_file.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    FILE *file;
    const gradus_collection *all;
    char *folder;     /* of the drawings */
    const char *link; /* the same, as the page links to it */
} page_t;

static const char *text(const json_t *object, const char *key) {
    return gradus_collection_text(object, key);
}

/* TEXT with what Markdown gives a meaning, in a table, escaped.  */
static void put(const page_t *page, const char *given) {
    for (; *given; given++) {
        if (strchr("\\|<>*_`[]", *given))
            putc('\\', page->file);
        putc(*given == '\n' ? ' ' : *given, page->file);
    }
}

/* GIVEN as code in a table.  */
static void put_code(const page_t *page, const char *given) {
    putc('`', page->file);
    for (; *given; given++) {
        if (*given == '|')
            putc('\\', page->file);
        putc(*given == '`' ? '\'' : *given, page->file);
    }
    putc('`', page->file);
}

/* Headings are linked to in small letters.  */
static void put_link(const page_t *page, const char *id) {
    fprintf(page->file, "[%s](#", id);
    for (; *id; id++)
        putc(tolower((unsigned char)*id), page->file);
    putc(')', page->file);
}

/* ---- Verdicts ---- */

typedef struct {
    size_t all, hold, fail;
} tally_t;

static tally_t tally_of(const gradus_collection *all, const char *claim) {
    tally_t tally = {0};
    size_t i;
    json_t *verdict;
    json_array_foreach(all->verdicts, i, verdict) {
        const json_t *holds = json_object_get(verdict, "holds");
        if (!gradus_collection_is_on(text(verdict, "id"), claim))
            continue;
        tally.all++;
        tally.hold += json_is_true(holds);
        tally.fail += json_is_false(holds);
    }
    return tally;
}

static void put_tally(const page_t *page, tally_t tally) {
    if (tally.all == 0)
        fputs("no study", page->file);
    else if (tally.hold + tally.fail < tally.all)
        fprintf(page->file, "open: %zu of %zu checks are not made",
                tally.all - tally.hold - tally.fail, tally.all);
    else if (tally.fail == 0)
        fputs("holds", page->file);
    else if (tally.hold == 0)
        fputs("does not hold", page->file);
    else
        fprintf(page->file, "holds in part: %zu of %zu checks", tally.hold, tally.all);
}

static void put_overview(const page_t *page) {
    size_t i;
    json_t *claim;
    fputs("\n| claim | what it says | verdict |\n|---|---|---|\n", page->file);
    json_array_foreach(page->all->wanted, i, claim) {
        tally_t tally = tally_of(page->all, text(claim, "id"));
        fputs("| ", page->file);
        if (tally.all > 0)
            put_link(page, text(claim, "id"));
        else
            put(page, text(claim, "id"));
        fputs(" | ", page->file);
        put(page, text(claim, "that"));
        fputs(" | ", page->file);
        put_tally(page, tally);
        fputs(" |\n", page->file);
    }
}

static void put_verdict(const page_t *page, const json_t *verdict) {
    const json_t *holds = json_object_get(verdict, "holds");
    fprintf(page->file, "| %s | ", text(verdict, "id"));
    put(page, text(verdict, "that"));
    fprintf(page->file, " | %s%s | ",
            json_is_true(holds)    ? "holds"
            : json_is_false(holds) ? "does not hold"
                                   : "open",
            json_is_true(json_object_get(verdict, "timed")) ? " (time)" : "");
    put_code(page, text(verdict, "finding"));
    fputs(" |\n", page->file);
}

/* ---- Drawings ---- */

/* The first of these that the report has drawn.  */
static const char *const stems[] = {"updates-varied",  "value-varied", "value-updates",
                                    "value-updates-1", "basins",       NULL};

/* The path of RACE's drawing, *FROM, or NULL when it has none.  */
static gradus_err find_drawing(const json_t *race, char **from, gradus_error *why) {
    const char *folder = text(race, "folder");
    *from = NULL;
    for (size_t i = 0; stems[i]; i++) {
        char *path = gradus_folder_path(folder, "figures/%s.svg", stems[i]);
        if (!path)
            return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
        if (access(path, R_OK) == 0) {
            *from = path;
            return GRADUS_OK;
        }
        gradus_free(path);
    }
    return GRADUS_OK;
}

/* The drawing at FROM, on white: the page may be dark, and the axes are black.  */
static gradus_err copy_drawing(const char *from, const char *to, gradus_error *why) {
    char *content;
    size_t size;
    gradus_output output;
    gradus_err err = gradus_text_file_read(from, &content, &size, why);
    if (err)
        return err;
    err = gradus_output_open(&output, to, why);
    if (!err) {
        const char *root = strstr(content, "<svg");
        size_t before = root ? (size_t)(root - content) + strlen("<svg") : 0;
        fwrite(content, 1, before, output.file);
        if (root)
            fputs(" style=\"background: white\"", output.file);
        fwrite(content + before, 1, size - before, output.file);
        err = gradus_output_commit(&output, why);
    }
    gradus_free(content);
    return err;
}

/* The drawing of RACE, if there is one, beside the page and in it.  */
static gradus_err put_drawing(const page_t *page, const json_t *race, gradus_error *why) {
    const char *study = text(json_object_get(race, "manifest"), "study");
    char *from;
    gradus_err err = find_drawing(race, &from, why);
    if (err || !from)
        return err;
    char *to = gradus_folder_path(page->folder, "%s.svg", study);
    err = to ? copy_drawing(from, to, why)
             : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", page->folder);
    if (!err)
        fprintf(page->file, "\n![%s](%s/%s.svg)\n", study, page->link, study);
    gradus_free(from);
    gradus_free(to);
    return err;
}

/* ---- Claims ---- */

static size_t count_of(const json_t *manifest, const char *key) {
    return json_array_size(json_object_get(manifest, key));
}

static void put_study(const page_t *page, const json_t *manifest) {
    const json_t *vary = json_object_get(manifest, "vary");
    fprintf(page->file, "\n`%s.yaml`: ", text(manifest, "study"));
    put(page, text(manifest, "question"));
    fprintf(page->file, " %zu method%s", count_of(manifest, "methods"),
            count_of(manifest, "methods") == 1 ? "" : "s");
    if (json_is_object(vary))
        fprintf(page->file, " × %zu values of `%s`", count_of(vary, "variants"),
                text(vary, "key"));
    fprintf(page->file, " × %zu seed%s, on `%s`.\n", count_of(manifest, "seeds"),
            count_of(manifest, "seeds") == 1 ? "" : "s",
            text(json_object_get(manifest, "problem"), "spec"));
}

/* What RACE found about CLAIM, if anything.  */
static gradus_err put_race(const page_t *page, const json_t *race, const char *claim,
                           gradus_error *why) {
    const json_t *manifest = json_object_get(race, "manifest");
    const char *study = text(manifest, "study");
    size_t i, count = 0;
    json_t *verdict;
    json_array_foreach(page->all->verdicts, i, verdict) {
        if (!gradus_collection_is_on(text(verdict, "id"), claim) ||
            strcmp(text(verdict, "study"), study) != 0)
            continue;
        if (count++ == 0) {
            put_study(page, manifest);
            fputs("\n| check | what it says | verdict | what was found "
                  "|\n|---|---|---|---|\n",
                  page->file);
        }
        put_verdict(page, verdict);
    }
    return count > 0 ? put_drawing(page, race, why) : GRADUS_OK;
}

static gradus_err put_claim(const page_t *page, const json_t *claim, gradus_error *why) {
    const char *id = text(claim, "id"), *where = text(claim, "where");
    gradus_err err = GRADUS_OK;
    size_t i;
    json_t *race;
    if (tally_of(page->all, id).all == 0)
        return GRADUS_OK;
    fprintf(page->file, "\n## %s\n", id);
    if (*text(claim, "that")) {
        fputs("\n", page->file);
        put(page, text(claim, "that"));
        fprintf(page->file, *where ? " (said in %s)\n" : "%s\n", where);
    }
    json_array_foreach(page->all->races, i, race) {
        if (!err)
            err = put_race(page, race, id, why);
    }
    return err;
}

/* ---- Provenance ---- */

/* What two races must share to be of one machine and build.  */
static json_t *machine_of(const json_t *manifest) {
    static const char *const keys[] = {"processor", "vectors",   "cores",
                                       "kernel",    "compiler",  "flags",
                                       "blas",      "libraries", NULL};
    const json_t *provenance = json_object_get(manifest, "provenance");
    json_t *machine = json_object();
    for (size_t i = 0; keys[i]; i++) /* what is not there is left out */
        json_object_set(machine, keys[i], json_object_get(provenance, keys[i]));
    return machine;
}

/* Its number, from 1, among those met so far; 0: no memory.  */
static size_t number_of(json_t *machines, json_t *machine) {
    size_t i;
    json_t *one;
    json_array_foreach(machines, i, one) {
        if (json_equal(one, machine)) {
            json_decref(machine);
            return i + 1;
        }
    }
    return json_array_append_new(machines, machine) ? 0 : json_array_size(machines);
}

static size_t marked(const json_t *manifest) {
    size_t i, count = 0;
    json_t *run;
    json_array_foreach(json_object_get(manifest, "runs"), i, run) {
        count += json_is_string(json_object_get(run, "contaminated_by"));
    }
    return count;
}

static void put_machine(const page_t *page, const json_t *machine, size_t number) {
    const char *key;
    json_t *value;
    fprintf(page->file, "\nMachine %zu:\n\n", number);
    json_object_foreach((json_t *)machine, key, value) {
        char *spelled = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        fprintf(page->file, "- %s: `%s`\n", key,
                json_is_string(value) ? json_string_value(value)
                : spelled             ? spelled
                                      : "");
        free(spelled);
    }
}

static gradus_err put_provenance(const page_t *page, gradus_error *why) {
    size_t i;
    json_t *race, *machines = json_array(), *machine;
    gradus_err err = GRADUS_OK;
    fputs("\n## Where it was run\n\n"
          "| study | runs | CPU-seconds | timings marked | begun | commit | threads | "
          "machine |\n|---|---|---|---|---|---|---|---|\n",
          page->file);
    json_array_foreach(page->all->races, i, race) {
        const json_t *manifest = json_object_get(race, "manifest");
        const json_t *provenance = json_object_get(manifest, "provenance");
        size_t number = number_of(machines, machine_of(manifest));
        if (number == 0)
            err = gradus_fail(why, GRADUS_ENOMEM, "out of memory for the claims");
        fprintf(page->file, "| %s | %zu | %.1f | %zu | %s | %s | %lld | %zu |\n",
                text(manifest, "study"), count_of(manifest, "runs"),
                json_number_value(json_object_get(manifest, "cpu_seconds")),
                marked(manifest), text(provenance, "started"), text(provenance, "commit"),
                (long long)json_integer_value(json_object_get(manifest, "threads")),
                number);
    }
    json_array_foreach(machines, i, machine) { put_machine(page, machine, i + 1); }
    json_decref(machines);
    return err;
}

/* ---- The page ---- */

static gradus_err put_page(const page_t *page, gradus_error *why) {
    size_t i;
    json_t *claim;
    gradus_err err = GRADUS_OK;
    fputs(
        "# Claims and verdicts\n\n"
        "`gradus verdicts` wrote this page from the results of races; do not edit it. A "
        "claim's verdict is that of all checks on it, whose thresholds stood in the study "
        "before it was run. \"(time)\" marks a verdict that hangs on how fast the machine "
        "was, and what else it did. Figures show medians over the seeds.\n",
        page->file);
    put_overview(page);
    json_array_foreach(page->all->wanted, i, claim) {
        if (!err)
            err = put_claim(page, claim, why);
    }
    return err ? err : put_provenance(page, why);
}

/* PATH without the ending of its last part.  */
static char *without_ending(const char *path) {
    const char *name = strrchr(path, '/');
    const char *dot = strrchr(name ? name : path, '.');
    return gradus_text_copy_part(path, dot ? (size_t)(dot - path) : strlen(path));
}

gradus_err gradus_reproduction_write(const gradus_collection *collection, const char *path,
                                     gradus_error *why) {
    gradus_output output;
    page_t page = {.all = collection, .folder = without_ending(path)};
    if (!page.folder)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    const char *slash = strrchr(page.folder, '/');
    page.link = slash ? slash + 1 : page.folder;
    gradus_err err = gradus_output_open(&output, path, why);
    if (!err) {
        page.file = output.file;
        err = gradus_folder_make(page.folder, why);
        if (!err)
            err = put_page(&page, why);
        if (!err)
            err = gradus_output_commit(&output, why);
        else
            gradus_output_abandon(&output);
    }
    gradus_free(page.folder);
    return err;
}
