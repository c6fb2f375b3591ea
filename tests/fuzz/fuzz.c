/* Memory, files and verdicts for the fuzz targets.  */

#include "fuzz/fuzz.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- Verdicts ---- */

void fuzz_fail(const char *file, int line, const char *what, const char *detail) {
    fprintf(stderr, "%s:%d: does not hold: %s%s%s\n", file, line, what, detail ? ": " : "",
            detail ? detail : "");
    abort();
}

static bool is_scarce;
static gradus_error reason;

const char *fuzz_reason(void) { return reason.text; }

static bool is_sentence(const char *text, size_t room) {
    size_t length = strnlen(text, room);
    bool printable = length > 0 && length < room;
    for (size_t i = 0; i < length; i++)
        printable = printable && (unsigned char)text[i] >= ' ' && text[i] != 0x7f;
    return printable;
}

bool fuzz_accepted(gradus_err err, const gradus_error *why) {
    if (!err)
        return true;
    if (err != GRADUS_EINPUT && !(is_scarce && err == GRADUS_ENOMEM))
        fuzz_fail(__FILE__, __LINE__, "a refusal for the input's sake", why->text);
    if (why->code != err || !is_sentence(why->text, sizeof why->text))
        fuzz_fail(__FILE__, __LINE__, "a refusal in a sentence of one line", why->text);
    reason = *why;
    return false;
}

bool fuzz_same(const double a[], const double b[], size_t count) {
    return count == 0 || memcmp(a, b, count * sizeof *a) == 0;
}

/* ---- Memory ---- */

/* Its size stands before every block, at a distance that keeps the block aligned.  Large
   blocks, which the sanitizer would map and unmap every time, wait for the next one of
   their size.  */
enum { CACHE_LINE = 64, LARGE = 32 << 10, SPARES = 4 };
static size_t live;
static struct {
    char *block;
    size_t bytes;
} spares[SPARES];

static char *take_spare(size_t bytes) {
    for (size_t i = 0; i < SPARES; i++)
        if (spares[i].block && spares[i].bytes == bytes) {
            char *block = spares[i].block;
            spares[i].block = NULL;
            return block;
        }
    return NULL;
}

static void release(char *block, size_t bytes) {
    for (size_t i = 0; bytes >= LARGE && i < SPARES; i++)
        if (!spares[i].block) {
            spares[i].block = block;
            spares[i].bytes = bytes;
            return;
        }
    free(block);
}

size_t fuzz_live(void) { return live; }

void fuzz_scarce(bool scarce) { is_scarce = scarce; }

void *gradus_allocate(size_t count, size_t size) {
    size_t bytes;
    bool fits = !__builtin_mul_overflow(count, size, &bytes);
    if (is_scarce && (!fits || bytes > FUZZ_SCARCE))
        return NULL;
    if (!fits || bytes > FUZZ_MEMORY - live)
        fuzz_fail(__FILE__, __LINE__, "memory in proportion to the input", NULL);
    char *given = take_spare(bytes);
    if (!given && posix_memalign((void **)&given, CACHE_LINE, CACHE_LINE + bytes) != 0)
        fuzz_fail(__FILE__, __LINE__, "there is memory for fuzzing", NULL);
    memcpy(given, &bytes, sizeof bytes);
    live += bytes;
    return memset(given + CACHE_LINE, 0, bytes);
}

void gradus_free(void *memory) {
    if (!memory)
        return;
    char *given = (char *)memory - CACHE_LINE;
    size_t bytes;
    memcpy(&bytes, given, sizeof bytes);
    live -= bytes;
    release(given, bytes);
}

char *fuzz_text(const uint8_t *bytes, size_t size) {
    char *text = GRADUS_NEW(size + 1, char);
    if (text && size > 0)
        memcpy(text, bytes, size);
    return text;
}

/* ---- Files ---- */

fuzz_file fuzz_file_open(const void *bytes, size_t size) {
    fuzz_file file = {.descriptor = memfd_create("fuzz", MFD_CLOEXEC)};
    FUZZ_REQUIRE(file.descriptor >= 0);
    FUZZ_REQUIRE(write(file.descriptor, bytes, size) == (ssize_t)size);
    snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.descriptor);
    return file;
}

fuzz_file fuzz_file_in_folder(const void *bytes, size_t size) {
    fuzz_file file = {.descriptor = -1};
    snprintf(file.path, sizeof file.path, "%s/input", fuzz_folder());
    fuzz_write(file.path, bytes, size);
    return file;
}

void fuzz_file_close(fuzz_file *file) {
    if (file->descriptor >= 0)
        close(file->descriptor);
    else
        unlink(file->path);
}

static char folder[200], path[256];

static void remove_folder(void) {
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        fprintf(stderr, "%s could not be removed\n", folder);
}

const char *fuzz_folder(void) {
    const char *base = getenv("TMPDIR");
    if (*folder)
        return folder;
    snprintf(folder, sizeof folder, "%s/gradus-fuzz-XXXXXX", base && *base ? base : "/tmp");
    FUZZ_REQUIRE(mkdtemp(folder) != NULL);
    atexit(remove_folder);
    return folder;
}

const char *fuzz_in_folder(const char *name) {
    snprintf(path, sizeof path, "%s/%s", fuzz_folder(), name);
    return path;
}

void fuzz_write(const char *where, const void *bytes, size_t size) {
    FILE *file = fopen(where, "wb");
    FUZZ_REQUIRE(file != NULL);
    FUZZ_REQUIRE(fwrite(bytes, 1, size, file) == size);
    FUZZ_REQUIRE(fclose(file) == 0);
}
