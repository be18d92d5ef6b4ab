// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CShims.h"
#include <netinet/in.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <unistd.h>

// glibc gives strerror_r the GNU meaning here; this is its name for the POSIX one.
extern int __xpg_strerror_r(int number, char *text, size_t count);

int atoll_accept(int listener, struct sockaddr *address, socklen_t *length) {
    return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int atoll_stream_socket(int family) {
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

ssize_t atoll_getrandom(void *bytes, size_t count) { return getrandom(bytes, count, 0); }

int atoll_lock_exclusively(int file) { return flock(file, LOCK_EX | LOCK_NB); }

int atoll_lock_shared(int file) { return flock(file, LOCK_SH | LOCK_NB); }

int atoll_unlock(int file) { return flock(file, LOCK_UN); }

ssize_t atoll_sendfile(int socket, int file, off_t *offset, size_t count) {
    return sendfile(socket, file, offset, count);
}

int atoll_pidfd_open(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int atoll_name_thread(const char *name) { return pthread_setname_np(pthread_self(), name); }

int atoll_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

short atoll_spawn_setsid(void) { return POSIX_SPAWN_SETSID; }

int atoll_error_text(int number, char *text, size_t count) {
    return __xpg_strerror_r(number, text, count);
}
