#!/bin/sh
# enter.sh ROOT COMMAND...: runs a command in another Debian, with mounts and a network of its own.
# What lies in /atoll there is handed in by whoever calls.
root=$1
shift
export root
exec unshare --mount --net --propagation private sh -c '
mount --rbind "$root" "$root" && cd "$root"
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
for folder in run tmp var/lib; do mount -t tmpfs tmpfs $folder; done
ip link set lo up
pivot_root . mnt
umount -l /mnt
exec "$@"' sh "$@"
