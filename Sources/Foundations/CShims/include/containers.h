// SPDX-License-Identifier: Apache-2.0
// System calls of namespaces, mounts and confinement that the C library's Swift module does not
// carry. No logic here. All return -1 and set errno on failure unless said otherwise.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// clone3(2) without a new stack, as fork(2): 0 in the child. `pidfd` receives a descriptor that
/// closes on exec; `cgroup` is a folder of cgroup v2 for the child, or -1.
/// The caller has one thread only.
pid_t atoll_clone(uint64_t flags, int *pidfd, int cgroup);
/// unshare(2).
int atoll_unshare(uint64_t flags);
/// setns(2).
int atoll_setns(int file, uint64_t flags);
/// pidfd_send_signal(2) without further information.
int atoll_pidfd_signal(int pidfd, int signal);
/// waitid(2) on a process that has ended or stopped to wait for; the wait status as of waitpid(2).
int atoll_pidfd_wait(int pidfd, int *status);
/// The wait status of a process that has ended and is somebody else's child: PIDFD_GET_INFO, since
/// Linux 6.15.
int atoll_pidfd_exit_status(int pidfd, int *status);
/// malloc_trim(3): gives back to the machine what was freed.
void atoll_trim_memory(void);
/// prctl(2).
int atoll_prctl(int option, unsigned long a, unsigned long b, unsigned long c);
/// personality(2).
int atoll_personality(unsigned long domain);
/// keyctl(KEYCTL_JOIN_SESSION_KEYRING).
int atoll_join_keyring(const char *name);
/// close_range(2) with CLOSE_RANGE_CLOEXEC, from `first` on.
int atoll_close_on_exec_from(unsigned first);
/// memfd_create(2) of a file that closes on exec and can be sealed.
int atoll_memory_file(const char *name);
/// Seals a file of memory against every change, and says whether a file is: 1, or 0.
int atoll_seal(int file);
int atoll_is_sealed(int file);
/// close_range(2), from `first` on.
int atoll_close_from(unsigned first);
/// execveat(2) of an open file.
int atoll_exec_file(int file, char *const arguments[], char *const environment[]);

/// open_tree(2).
int atoll_open_tree(int folder, const char *path, unsigned flags);
/// move_mount(2) from one open file onto another.
int atoll_move_mount(int from, int onto);
/// fsopen(2); the descriptor closes on exec.
int atoll_fsopen(const char *type);
/// fsconfig(2) with a string, or with a flag where `value` is null.
int atoll_fsconfig(int context, const char *key, const char *value);
/// fsconfig(2) with FSCONFIG_CMD_CREATE.
int atoll_fscreate(int context);
/// fsmount(2); the descriptor closes on exec.
int atoll_fsmount(int context, unsigned attributes);
/// mount_setattr(2) on an open file; `usernamespace` is -1 unless an id map is set.
int atoll_mount_setattr(int mount, int recursive, uint64_t set, uint64_t clear,
                        uint64_t propagation, int usernamespace);
/// pivot_root(2).
int atoll_pivot_root(const char *root, const char *old);

/// capset(2) of the calling thread, 64 bits a set.
int atoll_capset(uint64_t effective, uint64_t permitted, uint64_t inheritable);
/// capget(2) of the calling thread: the permitted set.
int atoll_capget(uint64_t *permitted);
/// seccomp(SECCOMP_SET_MODE_FILTER) with `count` instructions of 8 bytes; with the flag for a
/// listener its descriptor.
int atoll_seccomp(unsigned flags, const void *program, unsigned short count);

/// Loads a program of BPF_PROG_TYPE_CGROUP_DEVICE and attaches it to a folder of cgroup v2.
int atoll_attach_device_program(int cgroup, const void *program, unsigned count);

/// sendmsg(2) of bytes with one open file.
int atoll_send_file(int socket, const void *bytes, size_t count, int file);
/// recvmsg(2) of bytes with at most one open file, which closes on exec; -1 in `file` without one.
ssize_t atoll_receive_file(int socket, void *bytes, size_t count, int *file);

/// accept4(2) that waits; the connection closes on exec.
int atoll_accept_one(int listener);
/// setrlimit(2) by the kernel's own number of the resource.
int atoll_set_limit(int resource, uint64_t soft, uint64_t hard);
/// getrlimit(2): the hard limit.
uint64_t atoll_hard_limit(int resource);
/// Unlocks a pseudoterminal and opens its other side: ioctl(TIOCGPTPEER), read and written.
int atoll_terminal_peer(int terminal);
/// Sets the flag IFF_UP of a network interface of the caller's network namespace.
int atoll_interface_up(const char *name);
/// statfs(2) of an open file: its f_type.
int atoll_file_system(int file, uint64_t *type);
/// setgroups(2), setresgid(2) and setresuid(2) of the calling thread alone.
int atoll_set_groups(const gid_t *groups, size_t count);
int atoll_set_group(gid_t group);
int atoll_set_user(uid_t user);
