// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "containers.h"
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/filter.h>
#include <malloc.h>
#include <signal.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC 4
#endif
#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif

int atoll_close_from(unsigned first) { return (int)syscall(SYS_close_range, first, ~0U, 0); }

pid_t atoll_clone(uint64_t flags, int *pidfd, int cgroup) {
    struct clone_args arguments = {
        .flags = flags | CLONE_PIDFD | (cgroup >= 0 ? CLONE_INTO_CGROUP : 0),
        .pidfd = (uint64_t)(uintptr_t)pidfd,
        // A sibling of its maker tells their common parent as the maker would.
        .exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD,
        .cgroup = cgroup >= 0 ? (uint64_t)cgroup : 0,
    };
    return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

int atoll_unshare(uint64_t flags) { return (int)syscall(SYS_unshare, flags); }

int atoll_setns(int file, uint64_t flags) { return (int)syscall(SYS_setns, file, flags); }

int atoll_pidfd_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

int atoll_pidfd_wait(int pidfd, int *status) {
    siginfo_t information;
    memset(&information, 0, sizeof information);
    int result = waitid(P_PIDFD, (id_t)pidfd, &information, WEXITED);
    *status = information.si_code == CLD_EXITED ? information.si_status << 8
                                                : information.si_status & 0x7F;
    return result;
}

int atoll_pidfd_exit_status(int pidfd, int *status) {
    // struct pidfd_info of linux/pidfd.h in its first size.
    struct {
        uint64_t mask, cgroup;
        uint32_t numbers[11];
        int32_t exit_code;
    } information;
    memset(&information, 0, sizeof information);
    information.mask = 1 << 3;
    if (ioctl(pidfd, _IOWR(0xFF, 11, information), &information) < 0) return -1;
    *status = information.exit_code;
    if (information.mask & 1 << 3) return 0;
    errno = ENODATA;
    return -1;
}

void atoll_trim_memory(void) { malloc_trim(0); }

int atoll_prctl(int option, unsigned long a, unsigned long b, unsigned long c) {
    return prctl(option, a, b, c, 0UL);
}

int atoll_personality(unsigned long domain) { return personality(domain); }

int atoll_join_keyring(const char *name) {
    return (int)syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name, 0, 0, 0);
}

int atoll_close_on_exec_from(unsigned first) {
    return (int)syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_CLOEXEC);
}

int atoll_memory_file(const char *name) {
    return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

int atoll_seal(int file) {
    return fcntl(file, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}

int atoll_is_sealed(int file) {
    int seals = fcntl(file, F_GET_SEALS);
    return seals >= 0 && seals & F_SEAL_WRITE ? 1 : 0;
}

int atoll_exec_file(int file, char *const arguments[], char *const environment[]) {
    return (int)syscall(SYS_execveat, file, "", arguments, environment, AT_EMPTY_PATH);
}

int atoll_capset(uint64_t effective, uint64_t permitted, uint64_t inheritable) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {
        {(uint32_t)effective, (uint32_t)permitted, (uint32_t)inheritable},
        {(uint32_t)(effective >> 32), (uint32_t)(permitted >> 32), (uint32_t)(inheritable >> 32)},
    };
    return (int)syscall(SYS_capset, &header, data);
}

int atoll_capget(uint64_t *permitted) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    int result = (int)syscall(SYS_capget, &header, data);
    *permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
    return result;
}

int atoll_seccomp(unsigned flags, const void *program, unsigned short count) {
    struct sock_fprog filter = {count, (struct sock_filter *)program};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter);
}

int atoll_set_groups(const gid_t *groups, size_t count) {
    return (int)syscall(SYS_setgroups, count, groups);
}

int atoll_set_group(gid_t group) { return (int)syscall(SYS_setresgid, group, group, group); }

int atoll_set_user(uid_t user) { return (int)syscall(SYS_setresuid, user, user, user); }

int atoll_set_limit(int resource, uint64_t soft, uint64_t hard) {
    struct rlimit64 limit = {soft, hard};
    return setrlimit64(resource, &limit);
}

uint64_t atoll_hard_limit(int resource) {
    struct rlimit64 limit = {0, 0};
    getrlimit64(resource, &limit);
    return limit.rlim_max;
}
