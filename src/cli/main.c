/* gradus COMMAND [arguments]: finds the command, reads its options, does it, and turns what
   happened into an exit status and at most one sentence on standard error.  */

#include "cli/command.h"
#include "cli/environment.h"
#include "cli/options.h"
#include "cli/print.h"

#include "base/system.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* How many threads the command was asked to use: 0 when it has no such option, many when it
   finds out by itself.  */
static size_t threads_of(const gradus_call *call) {
    const gradus_param *row = gradus_param_find(call->own.table, "threads");
    if (!row)
        return 0;
    long threads = *(const long *)((const char *)call->own.values + row->offset);
    return gradus_integer_given(threads) ? (size_t)threads : SIZE_MAX;
}

static gradus_err act(char *argv[], gradus_exit *status, gradus_error *why) {
    const gradus_command *command = gradus_command_find(argv[1], why);
    if (!command)
        return GRADUS_EINPUT;
    gradus_call call;
    gradus_err err = gradus_call_open(&call, command, argv + 2, why);
    if (!err && call.help)
        err = gradus_print_help(stdout, command, why);
    else if (!err) {
        if (threads_of(&call))
            gradus_environment_prepare(threads_of(&call), argv);
        err = command->act(&call, status, why);
    }
    gradus_call_close(&call);
    return err;
}

static gradus_err dispatch(char *argv[], gradus_exit *status, gradus_error *why) {
    if (!argv[0] || !argv[1])
        return gradus_fail(why, GRADUS_EINPUT,
                           "expected a command; 'gradus --help' lists them");
    bool help = strcmp(argv[1], "--help") == 0, version = strcmp(argv[1], "--version") == 0;
    if (!help && !version)
        return act(argv, status, why);
    if (argv[2])
        return gradus_fail(why, GRADUS_EINPUT, "'%s' after %s: expected nothing more",
                           argv[2], argv[1]);
    if (help)
        gradus_print_commands(stdout);
    else
        printf("gradus %s\n", gradus_version());
    return GRADUS_OK;
}

static gradus_exit exit_of(gradus_err err) {
    return err == GRADUS_EINPUT || err == GRADUS_EUNSUPPORTED ? GRADUS_EXIT_MISTAKE
                                                              : GRADUS_EXIT_SYSTEM;
}

/* ---- Standard output ---- */

static int print_reason; /* of the first write that failed; 0: none did */
static bool printed;

/* stdio keeps that a write has failed but not why.  */
static ssize_t print_bytes(void *cookie, const char *bytes, size_t size) {
    (void)cookie;
    printed = true;
    if (!print_reason && !gradus_system_write(STDOUT_FILENO, bytes, size))
        print_reason = errno;
    return print_reason ? 0 : (ssize_t)size;
}

/* A stream that the caller has closed is opened the wrong way round: no file of ours gets
   its number, and what is printed fails.  Then standard output writes by print_bytes.  */
static gradus_err open_printing(gradus_error *why) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = print_bytes});
    if (!stream)
        return gradus_fail(why, GRADUS_ENOMEM, "standard output: out of memory");
    if (isatty(STDOUT_FILENO))
        setvbuf(stream, NULL, _IOLBF, BUFSIZ);
    stdout = stream;
    return GRADUS_OK;
}

/* Whether all that was printed has arrived; closing is when some file systems say so.  */
static gradus_err close_printing(gradus_error *why) {
    (void)!fflush(stdout);
    if (printed && close(STDOUT_FILENO) != 0 && !print_reason)
        print_reason = errno;
    if (!print_reason)
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EIO, "standard output: could not be written: %s",
                       strerror(print_reason));
}

int main(int argc, char *argv[]) {
    gradus_error why = {.text = ""};
    gradus_exit status = GRADUS_EXIT_DONE;
    (void)argc;
    signal(SIGPIPE, SIG_IGN); /* a write that fails is reported, and the rest is saved */
    signal(SIGXFSZ, SIG_IGN);
    gradus_err err = open_printing(&why);
    if (!err)
        err = dispatch(argv, &status, &why);
    if (!err)
        err = close_printing(&why);
    if (err)
        status = exit_of(err);
    if (status != GRADUS_EXIT_DONE)
        fprintf(stderr, "gradus: %s\n", why.text);
    return status;
}
