// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "files.h"
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

int atoll_openat2(int folder, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
    struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

int atoll_syncfs(int file) { return syncfs(file); }

dev_t atoll_makedev(unsigned major, unsigned minor) { return makedev(major, minor); }

unsigned atoll_major(dev_t device) { return major(device); }

unsigned atoll_minor(dev_t device) { return minor(device); }
