// SPDX-License-Identifier: Apache-2.0
// System calls of datagrams that Glibc's Swift module does not carry. No logic here.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/// The most datagrams of one call.
#define ATOLL_DATAGRAMS_MAX 32

/// One datagram: its bytes, and where it goes or came from.
struct atoll_datagram {
    void *bytes;
    size_t count;
    struct sockaddr_storage address;
    socklen_t address_count;
    /// Not 0 when the datagram was longer than its room.
    int is_cut;
};

/// socket(2) for UDP with SOCK_NONBLOCK and SOCK_CLOEXEC, of IPv6 alone where it is of IPv6.
int atoll_udp_socket(int family);
/// recvmmsg(2); fills in bytes, counts and addresses, and returns how many.
int atoll_receive_datagrams(int socket, struct atoll_datagram *datagrams, unsigned count);
/// sendmmsg(2); returns how many were taken from the front.
int atoll_send_datagrams(int socket, struct atoll_datagram *datagrams, unsigned count);
/// MCAST_JOIN_GROUP (RFC 3678) at the interface of a number; 0 lets the system choose.
int atoll_join_group(int socket, const struct sockaddr *group, socklen_t count, unsigned interface);
/// Multicast over the interface of a number (0: the system's choice), with 255 hops, also to this
/// machine; the socket hears only groups that it has joined itself.
int atoll_set_multicast(int socket, int family, unsigned interface);
