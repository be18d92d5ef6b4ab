// SPDX-License-Identifier: Apache-2.0
// System calls that Glibc's Swift module does not carry. No logic here.
#pragma once
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/types.h>

/// accept4(2) with SOCK_NONBLOCK and SOCK_CLOEXEC.
int atoll_accept(int listener, struct sockaddr *address, socklen_t *length);
/// socket(2) for streams with SOCK_NONBLOCK and SOCK_CLOEXEC.
int atoll_stream_socket(int family);
/// getrandom(2) without flags.
ssize_t atoll_getrandom(void *bytes, size_t count);
/// flock(2), exclusive and without waiting.
int atoll_lock_exclusively(int file);
/// flock(2), shared and without waiting.
int atoll_lock_shared(int file);
/// flock(2), giving the lock back.
int atoll_unlock(int file);
/// sendfile(2).
ssize_t atoll_sendfile(int socket, int file, off_t *offset, size_t count);
/// pidfd_open(2) without flags; the descriptor closes on exec.
int atoll_pidfd_open(pid_t process);
/// pthread_setname_np(3) on the calling thread; names longer than 15 bytes are refused.
int atoll_name_thread(const char *name);
/// posix_spawn_file_actions_addclosefrom_np(3).
int atoll_spawn_close_from(posix_spawn_file_actions_t *actions, int first);
/// POSIX_SPAWN_SETSID.
short atoll_spawn_setsid(void);
/// strerror_r(3) in its POSIX form.
int atoll_error_text(int number, char *text, size_t count);
