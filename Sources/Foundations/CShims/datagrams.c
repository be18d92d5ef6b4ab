// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "datagrams.h"
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

int atoll_udp_socket(int family) {
    int one = 1;
    int made = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
    if (made >= 0 && family == AF_INET6)
        setsockopt(made, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    return made;
}

static void prepare(
    struct atoll_datagram *datagrams, unsigned count, struct mmsghdr *headers,
    struct iovec *pieces) {
    memset(headers, 0, count * sizeof *headers);
    for (unsigned index = 0; index < count; index++) {
        pieces[index].iov_base = datagrams[index].bytes;
        pieces[index].iov_len = datagrams[index].count;
        headers[index].msg_hdr.msg_iov = &pieces[index];
        headers[index].msg_hdr.msg_iovlen = 1;
        headers[index].msg_hdr.msg_name = &datagrams[index].address;
        headers[index].msg_hdr.msg_namelen = datagrams[index].address_count;
    }
}

int atoll_receive_datagrams(int socket, struct atoll_datagram *datagrams, unsigned count) {
    struct mmsghdr headers[ATOLL_DATAGRAMS_MAX];
    struct iovec pieces[ATOLL_DATAGRAMS_MAX];
    if (count > ATOLL_DATAGRAMS_MAX) count = ATOLL_DATAGRAMS_MAX;
    for (unsigned index = 0; index < count; index++)
        datagrams[index].address_count = sizeof datagrams[index].address;
    prepare(datagrams, count, headers, pieces);
    int got = recvmmsg(socket, headers, count, MSG_DONTWAIT, NULL);
    for (int index = 0; index < got; index++) {
        datagrams[index].count = headers[index].msg_len;
        datagrams[index].address_count = headers[index].msg_hdr.msg_namelen;
        datagrams[index].is_cut = (headers[index].msg_hdr.msg_flags & MSG_TRUNC) != 0;
    }
    return got;
}

int atoll_send_datagrams(int socket, struct atoll_datagram *datagrams, unsigned count) {
    struct mmsghdr headers[ATOLL_DATAGRAMS_MAX];
    struct iovec pieces[ATOLL_DATAGRAMS_MAX];
    if (count > ATOLL_DATAGRAMS_MAX) count = ATOLL_DATAGRAMS_MAX;
    prepare(datagrams, count, headers, pieces);
    return sendmmsg(socket, headers, count, MSG_DONTWAIT | MSG_NOSIGNAL);
}

int atoll_join_group(
    int socket, const struct sockaddr *group, socklen_t count, unsigned interface) {
    struct group_req request;
    memset(&request, 0, sizeof request);
    if (count > sizeof request.gr_group) {
        errno = EINVAL;
        return -1;
    }
    request.gr_interface = interface;
    memcpy(&request.gr_group, group, count);
    int level = group->sa_family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
    return setsockopt(socket, level, MCAST_JOIN_GROUP, &request, sizeof request);
}

int atoll_set_multicast(int socket, int family, unsigned interface) {
    int hops = 255, yes = 1, no = 0;
    if (family == AF_INET6) {
        // Numbered as in linux/in6.h, which does not go together with netinet/in.h.
        const int ipv6_multicast_all = 29;
        return setsockopt(socket, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof hops) |
               setsockopt(socket, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &yes, sizeof yes) |
               setsockopt(socket, IPPROTO_IPV6, ipv6_multicast_all, &no, sizeof no) |
               setsockopt(socket, IPPROTO_IPV6, IPV6_MULTICAST_IF, &interface, sizeof interface);
    }
    struct ip_mreqn way;
    memset(&way, 0, sizeof way);
    way.imr_ifindex = (int)interface;
    return setsockopt(socket, IPPROTO_IP, IP_MULTICAST_TTL, &hops, sizeof hops) |
           setsockopt(socket, IPPROTO_IP, IP_MULTICAST_LOOP, &yes, sizeof yes) |
           setsockopt(socket, IPPROTO_IP, IP_MULTICAST_ALL, &no, sizeof no) |
           setsockopt(socket, IPPROTO_IP, IP_MULTICAST_IF, &way, sizeof way);
}
