/* Runs a command and prints the CPU-seconds it took, all its threads together: COMMAND ...  */

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double seconds(struct timeval t) {
    return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

int main(int argc, char **argv) {
    struct rusage usage;
    int status = -1;
    pid_t child = argc > 1 ? fork() : -1;
    if (child == 0) {
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0 ||
        getrusage(RUSAGE_CHILDREN, &usage) != 0) {
        fprintf(stderr, "cpu_seconds: %s failed\n",
                argc > 1 ? argv[1] : "expected COMMAND");
        return EXIT_FAILURE;
    }
    printf("cpu_seconds %.6g\n", seconds(usage.ru_utime) + seconds(usage.ru_stime));
    return EXIT_SUCCESS;
}
