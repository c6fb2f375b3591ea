/* Running gnuplot without a shell, and cutting its SVG to size.  */

#include "harness/figures/gnuplot.h"

#include "base/memory.h"
#include "harness/io/html.h"
#include "harness/io/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

const char *gradus_gnuplot(void) {
    const char *given = getenv("GNUPLOT");
    return given && *given ? given : GRADUS_GNUPLOT;
}

/* Starts it in FOLDER, with its chatter thrown away.  Returns an errno.  */
static int start(pid_t *child, const char *folder, char *const arguments[]) {
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    failed = posix_spawn_file_actions_addchdir_np(&actions, folder);
    const struct {
        int descriptor, mode;
    } streams[] = {
        {STDIN_FILENO, O_RDONLY}, {STDOUT_FILENO, O_WRONLY}, {STDERR_FILENO, O_WRONLY}};
    for (size_t i = 0; i < sizeof streams / sizeof *streams && !failed; i++)
        failed = posix_spawn_file_actions_addopen(&actions, streams[i].descriptor,
                                                  "/dev/null", streams[i].mode, 0);
    if (!failed)
        failed = posix_spawnp(child, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

/* What waitpid says, without the interruptions.  */
static int wait_for(pid_t child) {
    int status = -1;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}

enum { NO_PROGRAM = 127 }; /* a child's exit status, by POSIX */

static const char svg_end[] = "</svg>";

/* Whether the file at PATH ends as a drawing does.  gnuplot's exit status is 0 even where
   the disk had no room for all of it.  */
static bool is_whole(const char *path) {
    char tail[64] = "";
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    (void)!fseek(file, -(long)(sizeof tail - 1), SEEK_END); /* a short one is read whole */
    tail[fread(tail, 1, sizeof tail - 1, file)] = '\0';
    fclose(file);
    return strstr(tail, svg_end) != NULL;
}

/* Gives the drawing its name.  */
static gradus_err keep(const char *partial, const char *drawing, gradus_error *why) {
    if (access(partial, F_OK) != 0)
        return gradus_fail(why, GRADUS_EIO, "gnuplot (%s) drew nothing into %s",
                           gradus_gnuplot(), drawing);
    if (!is_whole(partial))
        return gradus_fail(why, GRADUS_EIO, "gnuplot (%s) wrote only a part of %s",
                           gradus_gnuplot(), drawing);
    if (rename(partial, drawing) != 0)
        return gradus_fail(why, GRADUS_EIO,
                           "gnuplot (%s) drew %s, which cannot be kept: %s",
                           gradus_gnuplot(), drawing, strerror(errno));
    return GRADUS_OK;
}

gradus_err gradus_gnuplot_run(const char *folder, const char *stem, gradus_error *why) {
    const size_t size = strlen(folder) + strlen(stem) + sizeof "output_file='/.svg.part'";
    char *memory = GRADUS_NEW(4 * size, char);
    if (!memory)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", stem);
    char *script = memory, *option = memory + size;
    char *partial = memory + 2 * size, *drawing = memory + 3 * size;
    snprintf(script, size, "%s.gp", stem);
    snprintf(option, size, "output_file='%s.svg.part'", stem);
    snprintf(partial, size, "%s/%s.svg.part", folder, stem);
    snprintf(drawing, size, "%s/%s.svg", folder, stem);
    char program[4096];
    snprintf(program, sizeof program, "%s", gradus_gnuplot());
    char *arguments[] = {program, (char[]){"-d"}, (char[]){"-e"}, option, script, NULL};
    pid_t child;
    gradus_err err = GRADUS_OK;
    int failed = start(&child, folder, arguments);
    int status = failed ? 0 : wait_for(child);
    /* posix_spawn may also leave it to the child to say that there is no such program.  */
    if (!failed && WIFEXITED(status) && WEXITSTATUS(status) == NO_PROGRAM)
        failed = ENOENT;
    if (failed)
        err = gradus_fail(why, GRADUS_EIO, "gnuplot (%s) could not be started: %s",
                          gradus_gnuplot(), strerror(failed));
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        err = gradus_fail(why, GRADUS_EIO, "gnuplot (%s) failed on %s", gradus_gnuplot(),
                          script);
    else
        err = keep(partial, drawing, why);
    if (err != GRADUS_OK)
        unlink(partial);
    gradus_free(memory);
    return err;
}

/* ---- Inlining ---- */

static const char element_start[] = "<g id=\"gnuplot_plot_", title_end[] = "</title>",
                  canvas_start[] = "<g id=\"gnuplot_canvas\">";

static const char defs_end[] = "</defs>";

/* An element's number is in its id, counted from 1; 0 when there is none such.  */
static size_t element_number(const char *at, size_t count) {
    unsigned long number = strtoul(at + sizeof element_start - 1, NULL, 10);
    return number <= count && strstr(at, title_end) ? number : 0;
}

/* Whether TEXT is what gnuplot 5 and 6 write, as far as copy_body relies on it.  */
static bool fits(const char *text, size_t count) {
    const char *canvas = strstr(text, canvas_start), *body = strstr(text, defs_end);
    if (!canvas || !body || body < canvas || !strstr(body, svg_end))
        return false;
    const char *at = strstr(body, element_start);
    while (at && element_number(at, count) > 0)
        at = strstr(at + 1, element_start);
    return !at;
}

/* Everything between the definitions (of point types and filters, which the figures do
   not use) and the end.  */
static void copy_body(FILE *file, const char *text, const gradus_element elements[],
                      size_t count) {
    const char *at = strstr(text, defs_end) + sizeof defs_end - 1;
    const char *end = strstr(at, svg_end);
    fputs("<g>", file); /* the canvas, which began before the definitions */
    while (at < end) {
        if (strncmp(at, element_start, sizeof element_start - 1) != 0) {
            fputc(*at++, file);
            continue;
        }
        const gradus_element *element = &elements[element_number(at, count) - 1];
        if (element->label) {
            fprintf(file, "<g class=\"m%zu\"><title>", element->method);
            gradus_html_text(file, element->label);
            fputs(title_end, file);
        } else {
            fputs("<g>", file);
        }
        at = strstr(at, title_end) + sizeof title_end - 1;
    }
}

gradus_err gradus_svg_inline(FILE *file, const char *path, const char *title,
                             const gradus_element elements[], size_t count,
                             gradus_error *why) {
    char *text = NULL;
    size_t size;
    gradus_err err = gradus_text_file_read(path, &text, &size, why);
    if (err != GRADUS_OK)
        return err;
    if (fits(text, count)) {
        fprintf(file,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                "role=\"img\" aria-label=\"",
                GRADUS_FIGURE_WIDTH, GRADUS_FIGURE_HEIGHT);
        gradus_html_text(file, title);
        fputs("\">", file);
        copy_body(file, text, elements, count);
        fputs("</svg>\n", file);
    } else {
        err = gradus_fail(why, GRADUS_EIO, "%s: gnuplot's SVG is not of the form expected",
                          path);
    }
    gradus_free(text);
    return err;
}
