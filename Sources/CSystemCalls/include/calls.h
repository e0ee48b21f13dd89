// SPDX-License-Identifier: Apache-2.0
#ifndef LICGATE_CALLS_H
#define LICGATE_CALLS_H

#include <sys/types.h>

/// What a child may use; zero leaves a limit as it is.
struct child_limits {
    /// Bytes of address space.
    unsigned long long memory;
    /// Seconds of processor time.
    unsigned long long cpu_seconds;
    /// Bytes of the largest file it may write.
    unsigned long long file_bytes;
    /// Open files.
    unsigned long long open_files;
};

/// Starts a program in a process group of its own: empty environment, no inherited descriptor but the two given
/// (standard output and error), standard input closed to /dev/null, `folder` as its working folder, limits set before it runs.
/// Returns 0 and the process, or an errno when it could not be started.
int child_start(const char *path, char *const argv[], const char *folder, int output, int errors,
                struct child_limits limits, pid_t *process);

/// True when the process has ended, without taking its exit status away.
int child_has_ended(pid_t process);

/// A pipe that no child inherits: what is written to `ends[1]` is read from `ends[0]`. Returns 0 or an errno.
int private_pipe(int ends[2]);

/// Renames a file, never over another one. Returns 0 or an errno.
int rename_to_new(const char *from, const char *to);

#endif
