/* gradus COMMAND [arguments]: finds the command, reads its options, does it, and turns what
   happened into an exit status and at most one sentence on standard error.  */

#include "cli/command.h"
#include "cli/environment.h"
#include "cli/options.h"
#include "cli/print.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

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

int main(int argc, char *argv[]) {
    gradus_error why = {.text = ""};
    gradus_exit status = GRADUS_EXIT_DONE;
    (void)argc;
    signal(SIGPIPE, SIG_IGN); /* a write that fails is reported, and the rest is saved */
    signal(SIGXFSZ, SIG_IGN);
    gradus_err err = dispatch(argv, &status, &why);
    errno = 0;
    if (!err && (fflush(stdout) != 0 || ferror(stdout)))
        err = gradus_fail(&why, GRADUS_EIO, "standard output: could not be written: %s",
                          errno ? strerror(errno) : "an earlier write failed");
    if (err)
        status = exit_of(err);
    if (status != GRADUS_EXIT_DONE)
        fprintf(stderr, "gradus: %s\n", why.text);
    return status;
}
