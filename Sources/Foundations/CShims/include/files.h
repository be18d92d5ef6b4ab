// SPDX-License-Identifier: Apache-2.0
// Calls about files that the C library's Swift module does not carry. No logic here.
#pragma once
#include <stdint.h>
#include <sys/sysmacros.h>
#include <sys/types.h>
#include <sys/xattr.h>

/// openat2(2); -1 and errno on failure.
int atoll_openat2(int folder, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);
/// syncfs(2).
int atoll_syncfs(int file);
/// makedev(3).
dev_t atoll_makedev(unsigned major, unsigned minor);
/// major(3).
unsigned atoll_major(dev_t device);
/// minor(3).
unsigned atoll_minor(dev_t device);
