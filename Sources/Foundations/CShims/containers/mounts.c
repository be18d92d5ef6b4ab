// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "containers.h"
#include <fcntl.h>
#include <linux/mount.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int atoll_open_tree(int folder, const char *path, unsigned flags) {
    return (int)syscall(SYS_open_tree, folder, path, flags | OPEN_TREE_CLOEXEC);
}

int atoll_move_mount(int from, int onto) {
    return (int)syscall(SYS_move_mount, from, "", onto, "",
                        MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

int atoll_fsopen(const char *type) { return (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC); }

int atoll_fsconfig(int context, const char *key, const char *value) {
    return (int)syscall(SYS_fsconfig, context, value ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG,
                        key, value, 0);
}

int atoll_fscreate(int context) {
    return (int)syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

int atoll_fsmount(int context, unsigned attributes) {
    return (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes);
}

int atoll_mount_setattr(int mount, int recursive, uint64_t set, uint64_t clear,
                        uint64_t propagation, int usernamespace) {
    struct mount_attr attributes = {
        .attr_set = set,
        .attr_clr = clear,
        .propagation = propagation,
        .userns_fd = usernamespace >= 0 ? (uint64_t)usernamespace : 0,
    };
    return (int)syscall(SYS_mount_setattr, mount, "",
                        AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), &attributes,
                        sizeof attributes);
}

int atoll_pivot_root(const char *root, const char *old) {
    return (int)syscall(SYS_pivot_root, root, old);
}

int atoll_file_system(int file, uint64_t *type) {
    struct statfs found;
    int result = fstatfs(file, &found);
    *type = (uint64_t)found.f_type;
    return result;
}
