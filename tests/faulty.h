/* A program in which the k-th call that changes files fails.

   The program runs under ptrace, with a filter that stops it, and every process that it
   starts, before each system call of the table below; so what the C library and HDF5 write
   by themselves is met too.  Calls count that concern something below a given folder.  */

#ifndef GRADUS_TESTS_FAULTY_H
#define GRADUS_TESTS_FAULTY_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* Besides an errno, what may happen in place of a call.  */
enum { FAULT_NONE = 0, FAULT_SHORT = -1 /* half is written */, FAULT_KILL = -2 };

enum { UNTRACEABLE = 77 }; /* exit status, where the system does not allow it */

typedef struct {
    const char *below;       /* the folder, without links in its path */
    long at;                 /* the call, from 0, that fails */
    int error;               /* how */
    long calls;              /* found: how many were made */
    char failed[PATH_MAX];   /* found: the file of the call that failed, and */
    const char *call;        /* its name */
    char in_place[PATH_MAX]; /* found: a file written under a name without .part, or "" */
} fault_t;

/* ---- The calls ---- */

typedef enum { BY_DESCRIPTOR, BY_PATH, BY_PATH_AT } named_t;
typedef struct {
    const char *name;
    long number;
    named_t named;
} call_t;

static const call_t fault_calls[] = {{"write", SYS_write, BY_DESCRIPTOR},
                                     {"pwrite", SYS_pwrite64, BY_DESCRIPTOR},
                                     {"writev", SYS_writev, BY_DESCRIPTOR},
                                     {"fsync", SYS_fsync, BY_DESCRIPTOR},
                                     {"ftruncate", SYS_ftruncate, BY_DESCRIPTOR},
                                     {"close", SYS_close, BY_DESCRIPTOR},
                                     {"open", SYS_open, BY_PATH},
                                     {"openat", SYS_openat, BY_PATH_AT},
                                     {"rename", SYS_rename, BY_PATH},
                                     {"renameat", SYS_renameat, BY_PATH_AT},
                                     {"renameat2", SYS_renameat2, BY_PATH_AT},
                                     {"mkdir", SYS_mkdir, BY_PATH},
                                     {"mkdirat", SYS_mkdirat, BY_PATH_AT},
                                     {"unlink", SYS_unlink, BY_PATH},
                                     {"unlinkat", SYS_unlinkat, BY_PATH_AT},
                                     {"rmdir", SYS_rmdir, BY_PATH}};
enum { FAULT_CALLS = sizeof fault_calls / sizeof *fault_calls };

/* In the child: every one of them is to be told to the parent.  */
static inline bool filter_calls(void) {
    struct sock_filter filter[FAULT_CALLS + 3];
    size_t n = 0;
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                               offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < FAULT_CALLS; i++)
        filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                                   (unsigned)fault_calls[i].number,
                                                   (unsigned char)(FAULT_CALLS - i), 0);
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    const struct sock_fprog program = {.len = (unsigned short)n, .filter = filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* ---- What a call is about ---- */

/* The target of a link of /proc; "" when there is none.  */
static inline void follow(char out[PATH_MAX], pid_t task, const char *entry) {
    char link[64];
    snprintf(link, sizeof link, "/proc/%d/%s", task, entry);
    ssize_t length = readlink(link, out, PATH_MAX - 1);
    out[length > 0 ? length : 0] = '\0';
}

/* The text at ADDRESS of TASK's memory.  */
static inline void read_text(char out[PATH_MAX], pid_t task, unsigned long address) {
    char memory[64];
    snprintf(memory, sizeof memory, "/proc/%d/mem", task);
    int descriptor = open(memory, O_RDONLY | O_CLOEXEC);
    ssize_t length =
        descriptor < 0 ? 0 : pread(descriptor, out, PATH_MAX - 1, (off_t)address);
    out[length > 0 ? length : 0] = '\0';
    if (descriptor >= 0)
        close(descriptor);
}

/* Whether DESCRIPTOR of TASK can be written; closing another loses nothing.  */
static inline bool is_written(pid_t task, int descriptor) {
    char path[64], line[128];
    unsigned flags = 0;
    snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", task, descriptor);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "flags: %o", &flags) == 1)
            break;
    if (file)
        fclose(file);
    return (flags & O_ACCMODE) != O_RDONLY;
}

/* The file of the call in PATH; false when the call changes none.  */
static inline bool look_at(char path[PATH_MAX], const call_t *call, pid_t task,
                           const struct user_regs_struct *regs) {
    char entry[32];
    bool opens = call->number == SYS_open || call->number == SYS_openat;
    unsigned long flags = call->named == BY_PATH ? regs->rsi : regs->rdx;
    if (call->named == BY_DESCRIPTOR) {
        snprintf(entry, sizeof entry, "fd/%d", (int)regs->rdi);
        follow(path, task, entry);
        return call->number != SYS_close || is_written(task, (int)regs->rdi);
    }
    if (opens && (flags & O_ACCMODE) == O_RDONLY)
        return false;
    char given[PATH_MAX];
    read_text(given, task, call->named == BY_PATH ? regs->rdi : regs->rsi);
    if (*given == '/') {
        strcpy(path, given);
        return true;
    }
    follow(path, task, "cwd");
    size_t used = strlen(path);
    snprintf(path + used, PATH_MAX - used, "/%s", given);
    return true;
}

static inline bool has_ending(const char *text, const char *ending) {
    size_t length = strlen(text), wanted = strlen(ending);
    return length >= wanted && strcmp(text + length - wanted, ending) == 0;
}

/* ---- Making it fail ---- */

/* In place of the call, or, for `close`, after it: a descriptor is closed even so.  */
static inline void spoil(fault_t *fault, pid_t task, struct user_regs_struct *regs) {
    if (fault->error == FAULT_KILL) {
        kill(task, SIGKILL);
        return;
    }
    if (fault->error == FAULT_SHORT) {
        bool writes = regs->orig_rax == SYS_write || regs->orig_rax == SYS_pwrite64;
        if (writes && regs->rdx > 1)
            regs->rdx /= 2;
    } else if (fault->error == EINTR && regs->orig_rax != SYS_write &&
               regs->orig_rax != SYS_fsync) { /* others are never interrupted */
        return;
    } else if (regs->orig_rax == SYS_close) {
        int status;
        ptrace(PTRACE_SYSCALL, task, 0, 0);
        waitpid(task, &status, __WALL);
        ptrace(PTRACE_GETREGS, task, 0, regs);
        regs->rax = (unsigned long)-(long)fault->error;
    } else {
        regs->orig_rax = (unsigned long)-1L;
        regs->rax = (unsigned long)-(long)fault->error;
    }
    ptrace(PTRACE_SETREGS, task, 0, regs);
}

static inline void meet_call(fault_t *fault, pid_t task) {
    struct user_regs_struct regs;
    char path[PATH_MAX];
    const call_t *call = fault_calls;
    if (ptrace(PTRACE_GETREGS, task, 0, &regs) != 0)
        return;
    while (call < fault_calls + FAULT_CALLS && (unsigned long)call->number != regs.orig_rax)
        call++;
    size_t length = strlen(fault->below);
    if (call == fault_calls + FAULT_CALLS || !look_at(path, call, task, &regs) ||
        strncmp(path, fault->below, length) != 0 || path[length] != '/')
        return;
    bool writes = call->number == SYS_write || call->number == SYS_pwrite64;
    if (writes && regs.rdi > 2 && !has_ending(path, ".part"))
        strcpy(fault->in_place, path);
    if (fault->calls++ != fault->at || fault->error == FAULT_NONE)
        return;
    strcpy(fault->failed, path);
    fault->call = call->name;
    spoil(fault, task, &regs);
}

/* ---- The program ---- */

static inline void become(char *const arguments[], const char *printed, const char *said) {
    int out = open(printed, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int err = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (out < 0 || err < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0 ||
        ptrace(PTRACE_TRACEME, 0, 0, 0) != 0)
        _exit(UNTRACEABLE);
    close(out);
    close(err);
    raise(SIGSTOP);
    if (filter_calls())
        execv(arguments[0], arguments);
    _exit(UNTRACEABLE);
}

/* What waitpid says of the program when it is over, with its standard output in PRINTED and
   its standard error in SAID.  */
static inline int run_with_fault(fault_t *fault, char *const arguments[],
                                 const char *printed, const char *said) {
    int status, result = UNTRACEABLE << 8;
    fault->calls = 0;
    fault->failed[0] = fault->in_place[0] = '\0';
    pid_t program = fork(), task;
    if (program == 0)
        become(arguments, printed, said);
    if (waitpid(program, &status, 0) != program || !WIFSTOPPED(status))
        return result;
    ptrace(PTRACE_SETOPTIONS, program, 0,
           PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEEXEC |
               PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE);
    ptrace(PTRACE_CONT, program, 0, 0);
    while ((task = waitpid(-1, &status, __WALL)) > 0) {
        if (!WIFSTOPPED(status)) {
            result = task == program ? status : result;
            continue;
        }
        int event = status >> 16, number = WSTOPSIG(status);
        if (event == PTRACE_EVENT_SECCOMP)
            meet_call(fault, task);
        bool of_tracing = event || number == SIGSTOP || number == SIGTRAP;
        ptrace(PTRACE_CONT, task, 0, of_tracing ? 0 : (long)number);
    }
    return result;
}

#endif
