// SPDX-License-Identifier: Apache-2.0
// Between fork and exec only functions that are safe after a fork in a program with threads.
#define _GNU_SOURCE
#include "include/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int limit(int resource, unsigned long long most) {
    struct rlimit value = {most, most};
    if (most == 0) return 0;
    return setrlimit(resource, &value);
}

static void become(const char *path, char *const argv[], const char *folder, int output, int errors,
                   struct child_limits limits, int report) {
    char *const environment[] = {NULL};
    struct rlimit no_core = {0, 0};
    sigset_t none;
    int failure, input;
    if (setpgid(0, 0) != 0) goto failed;
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigemptyset(&none);
    if (sigprocmask(SIG_SETMASK, &none, NULL) != 0) goto failed;
    umask(077);
    if (chdir(folder) != 0) goto failed;
    input = open("/dev/null", O_RDONLY);
    if (input < 0) goto failed;
    // Out of the way first: any of them may be 0, 1 or 2.
    output = fcntl(output, F_DUPFD, 10);
    errors = fcntl(errors, F_DUPFD, 10);
    input = fcntl(input, F_DUPFD, 10);
    report = fcntl(report, F_DUPFD_CLOEXEC, 10);
    if (output < 0 || errors < 0 || input < 0 || report < 0) goto failed;
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0) goto failed;
    if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0) goto failed;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) goto failed;
    if (setrlimit(RLIMIT_CORE, &no_core) != 0 || limit(RLIMIT_NOFILE, limits.open_files) != 0
        || limit(RLIMIT_CPU, limits.cpu_seconds) != 0 || limit(RLIMIT_FSIZE, limits.file_bytes) != 0
        || limit(RLIMIT_AS, limits.memory) != 0)
        goto failed;
    execve(path, argv, environment);
failed:
    failure = errno;
    if (write(report, &failure, sizeof failure) < 0) _exit(126);
    _exit(127);
}

int child_start(const char *path, char *const argv[], const char *folder, int output, int errors,
                struct child_limits limits, pid_t *process) {
    int report[2], failure = 0;
    ssize_t got;
    sigset_t all, before;
    if (pipe2(report, O_CLOEXEC) != 0) return errno;
    // No handler of ours may run in the child before it has its own.
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t started = fork();
    if (started == 0) become(path, argv, folder, output, errors, limits, report[1]);
    failure = started < 0 ? errno : 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (started < 0) {
        close(report[0]);
        return failure;
    }
    setpgid(started, started);
    do got = read(report[0], &failure, sizeof failure);
    while (got < 0 && errno == EINTR);
    close(report[0]);
    if (got == (ssize_t)sizeof failure) {
        while (waitpid(started, NULL, 0) < 0 && errno == EINTR) {}
        return failure == 0 ? EINVAL : failure;
    }
    *process = started;
    return 0;
}

int child_has_ended(pid_t process) {
    siginfo_t info;
    info.si_pid = 0;
    if (waitid(P_PID, (id_t)process, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return 1;
    return info.si_pid == process;
}

int private_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }

int rename_to_new(const char *from, const char *to) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0 ? 0 : errno;
}
