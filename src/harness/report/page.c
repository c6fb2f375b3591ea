/* The frame of the page: head, style, and the study's own words.  */

#include "harness/report/page.h"

#include "harness/figures/figures.h"
#include "harness/io/html.h"

#include <math.h>
#include <string.h>

/* System fonts, dark mode, tables that scroll on a phone and do not in print.  */
static const char style[] =
    ":root{color-scheme:light dark;--ink:#1c1e21;--soft:#5b626b;--line:#d9dde2;"
    "--paper:#fff;--band:#f4f6f8;--warn:#8a3b00;--warn-paper:#fff4e8}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e4e7eb;--soft:#a2abb5;--line:#3a4048;"
    "--paper:#15181c;--band:#1e2329;--warn:#ffb877;--warn-paper:#2c2116}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);"
    "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}\n"
    "main{max-width:1180px;margin:0 auto;padding:1.5rem 1rem 4rem}\n"
    "h1{font-size:1.9rem;line-height:1.2;margin:.5rem 0;overflow-wrap:anywhere}\n"
    "h2{font-size:1.3rem;margin:2.6rem 0 .7rem;padding-top:.7rem;"
    "border-top:1px solid var(--line)}\n"
    "h3{font-size:1.02rem;margin:1.4rem 0 .2rem}\n"
    "p{max-width:72ch;margin:.5rem 0}\n"
    ".question{font-size:1.2rem;color:var(--soft)}\n"
    ".facts,.note,figcaption,small{color:var(--soft);font-size:.875rem}\n"
    ".facts span{display:inline-block;margin-right:1.2em}\n"
    ".facts{max-width:none;overflow-wrap:anywhere}\n"
    ".answer{font-size:1.1rem}\n"
    ".warning{background:var(--warn-paper);color:var(--warn);padding:.5rem .8rem;"
    "border-left:4px solid currentColor}\n"
    "code,pre{font:.875em/1.45 ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;"
    "overflow-wrap:anywhere}\n"
    "pre{background:var(--band);padding:.8rem;white-space:pre-wrap}\n"
    ".scroll{overflow-x:auto}\n"
    "table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}\n"
    "th,td{padding:.3rem .65rem;text-align:left;vertical-align:baseline;"
    "border-bottom:1px solid var(--line)}\n"
    "thead tr:last-child th{border-bottom:2px solid "
    "var(--line);font-weight:600;vertical-align:bottom;white-space:normal}\n"
    ".n{text-align:right;white-space:nowrap}\n"
    ".over{text-align:center;color:var(--soft)}\n"
    ".runs table{font-size:.84rem}.runs th,.runs td{padding:.25rem .42rem}\n"
    ".label{white-space:nowrap;font-weight:600}\n"
    ".reason{min-width:16rem}\n"
    "tbody.group th{background:var(--band)}\n"
    "td small,th small{display:block;white-space:nowrap;font-size:.93em}\n"
    "tr.failed td{background:var(--warn-paper)}\n"
    ".firsts td{min-width:9.5rem}\n"
    ".swatch{display:inline-block;width:.75em;height:.75em;border-radius:50%;background:"
    "currentColor;"
    "margin-right:.4em}\n"
    ".swatch.dashed{background:none;border:.2em dotted}\n"
    ".figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),"
    "1fr));gap:1.6rem 1.4rem}\n"
    "figure{margin:0;break-inside:avoid}\n"
    "figure:only-child{max-width:640px}\n"
    "figure h3{margin:0 0 .2rem}\n"
    "figure svg{display:block;width:100%;height:auto;overflow:visible}\n"
    "figure svg text,figure svg tspan{font-family:inherit}\n"
    "figure svg text{paint-order:stroke;stroke:var(--paper);stroke-width:3px}\n"
    ".map svg g[class] text{stroke:none}\n"
    "figure svg [stroke=\"black\"]{stroke:var(--soft)}\n"
    "figure svg [fill=\"black\"]{fill:var(--ink)}\n"
    "@media(prefers-color-scheme:dark){figure svg [stroke=\"rgb(208, 208, 208)\"]"
    "{stroke:#343a42}}\n"
    ".legend{display:flex;flex-wrap:wrap;gap:.3rem 1.3rem;margin:.4rem 0 1.2rem;"
    "padding:0;position:sticky;top:0;background:var(--paper);z-index:1}\n"
    ".legend label{cursor:pointer;white-space:nowrap}\n"
    ".pairs span{display:inline-block;margin-right:1.4em}\n"
    ".record th{font-weight:400;color:var(--soft);white-space:nowrap}\n"
    ".record td{overflow-wrap:anywhere}\n"
    ".record .record td,.record .record th{border:0;padding:.05rem .65rem .05rem 0}\n"
    "@media(max-width:560px){h1{font-size:1.5rem}.firsts thead{display:none}"
    ".firsts tr,.firsts th,.firsts td{display:block;text-align:left;border:0}"
    ".firsts{width:100%}.firsts th{border-bottom:1px solid var(--line);white-space:normal}"
    ".firsts th::before{content:attr(data-what) ' '}"
    ".firsts td::before{content:attr(data-axis) ': ';color:var(--soft)}}\n"
    "@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#ccc;"
    "--paper:#fff;--band:#f2f2f2;--warn:#000;--warn-paper:#eee}\n"
    "body{font-size:10pt}main{max-width:none;padding:0}.legend{position:static}\n"
    ".legend input{display:none}.figures{grid-template-columns:1fr 1fr}\n"
    ".scroll{overflow:visible}.reason{min-width:0}.runs table{font-size:6.2pt}.runs "
    "th,.runs td"
    "{padding:.1rem .2rem}\n"
    ".runs tr:not(.failed) .reason{font-size:0}" /* the status says the same */
    "table{font-size:8pt}td small{white-space:normal}.firsts td{min-width:0}\n"
    "tr{break-inside:avoid}h2,h3{break-after:avoid}}\n";

const char *const gradus_axis_names[GRADUS_AXES] = {"updates", "passes", "CPU-seconds"};

const char *gradus_axis_number(char *buffer, size_t axis, double value) {
    enum { PASS_DIGITS = 6, SECOND_DIGITS = 4 };
    switch (gradus_axes[axis]) {
    case GRADUS_COLUMN_UPDATE:
        return gradus_count(buffer, value);
    case GRADUS_COLUMN_PASSES:
        return gradus_short(buffer, value, PASS_DIGITS);
    default:
        return gradus_number(buffer, value, SECOND_DIGITS);
    }
}

/* Of a gap half of the digits may be lost to the subtraction.  */
void gradus_page_label(const gradus_page *page, size_t method) {
    fprintf(
        page->file, "<span class=\"label\"><i class=\"swatch%s\" style=\"color:%s\"></i>",
        gradus_method_dashes(method) > 1 ? " dashed" : "", gradus_method_colour(method));
    gradus_html_text(page->file, page->results->labels[method]);
    fputs("</span>", page->file);
}

void gradus_page_key(const gradus_page *page) {
    const char *dot = strrchr(page->results->varied, '.');
    gradus_html_text(page->file, dot ? dot + 1 : page->results->varied);
}

void gradus_page_value(const gradus_page *page, size_t variant) {
    if (!isnan(page->results->number[variant])) {
        gradus_page_key(page);
        fputc(' ', page->file);
    }
    gradus_html_text(page->file, page->results->value[variant]);
}

const char *gradus_page_mark(const gradus_page *page, size_t variant, size_t method) {
    for (size_t i = 0; i < page->results->runs; i++) {
        const gradus_result *run = &page->results->run[i];
        if (run->method == method && run->variant == variant && run->contaminated_by)
            return "†";
    }
    return "";
}

void gradus_page_cell(const gradus_page *page, const char *number, const char *mark) {
    fprintf(page->file, "<td class=\"n\">%s%s</td>", number, *number ? mark : "");
}

/* Hides what belongs to a method whose box in the legend is not ticked.  */
static void write_switches(const gradus_page *page) {
    for (size_t m = 0; m < page->results->methods; m++)
        fprintf(page->file, "body:has(#show%zu:not(:checked)) .m%zu{display:none}\n", m, m);
}

static void write_fact(const gradus_page *page, const char *name, const json_t *value) {
    char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY);
    if (value && !json_is_null(value)) {
        fprintf(page->file, "<span>%s ", name);
        gradus_html_text(page->file, text ? text : json_string_value(value));
        fputs("</span>\n", page->file);
    }
    free(text);
}

/* The values that the study runs over.  */
static void write_varied(const gradus_page *page) {
    const gradus_results *results = page->results;
    if (!results->varied)
        return;
    fputs("<span>varied ", page->file);
    gradus_html_text(page->file, results->varied);
    for (size_t v = 0; v < results->variants; v++) {
        fputs(v > 0 ? ", " : ": ", page->file);
        gradus_html_text(page->file, results->value[v]);
    }
    fputs("; the problem and the budget shown are those of the first</span>\n", page->file);
}

static void write_count(const gradus_page *page, const char *what, size_t count) {
    fprintf(page->file, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

static void write_facts(const gradus_page *page) {
    const json_t *manifest = page->results->manifest;
    const json_t *problem = json_object_get(manifest, "problem");
    const char *key;
    json_t *value;
    fputs("<p class=\"facts\">\n", page->file);
    write_fact(page, "problem", json_object_get(problem, "spec"));
    write_fact(page, "parameters", json_object_get(problem, "dimension"));
    write_fact(page, "examples", json_object_get(problem, "examples"));
    json_object_foreach(json_object_get(manifest, "budget"), key, value) {
        fputs("<span>budget: ", page->file);
        gradus_html_text(page->file, key);
        fputs(" ", page->file);
        gradus_html_text(page->file, json_is_string(value) ? json_string_value(value) : "");
        fputs("</span>\n", page->file);
    }
    write_varied(page);
    write_fact(page, "threads", json_object_get(manifest, "threads"));
    fputs("<span>", page->file);
    write_count(page, "method", page->results->methods);
    if (page->results->varied) {
        fputs(" × ", page->file);
        write_count(page, "value", page->results->variants);
    }
    fputs(" × ", page->file);
    write_count(page, "seed", page->results->seeds);
    fputs("</span>\n</p>\n", page->file);
}

void gradus_page_begin(const gradus_page *page) {
    FILE *file = page->file;
    fputs(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
        file);
    gradus_html_text(file, page->results->study);
    fputs("</title>\n<style>\n", file);
    fputs(style, file);
    write_switches(page);
    fputs("</style>\n</head>\n<body>\n<main>\n<h1>", file);
    gradus_html_text(file, page->results->study);
    fputs("</h1>\n", file);
    if (*page->results->question) {
        fputs("<p class=\"question\">", file);
        gradus_html_text(file, page->results->question);
        fputs("</p>\n", file);
    }
    write_facts(page);
}

void gradus_page_end(const gradus_page *page) {
    fputs("</main>\n</body>\n</html>\n", page->file);
}
