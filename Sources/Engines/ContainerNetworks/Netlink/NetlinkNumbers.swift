// SPDX-License-Identifier: Apache-2.0

/// Kinds of messages: NLMSG_* of linux/netlink.h, RTM_* of linux/rtnetlink.h.
enum NetlinkKind {
    static let error: UInt16 = 2
    static let done: UInt16 = 3
    static let newLink: UInt16 = 16
    static let deleteLink: UInt16 = 17
    static let getLink: UInt16 = 18
    static let newAddress: UInt16 = 20
    static let deleteAddress: UInt16 = 21
    static let newRoute: UInt16 = 24
    static let deleteRoute: UInt16 = 25
    static let getRoute: UInt16 = 26
    static let newDiscipline: UInt16 = 36
}

/// How a request is meant: NLM_F_* of linux/netlink.h.
enum NetlinkFlag {
    static let request: UInt16 = 0x01
    static let acknowledge: UInt16 = 0x04
    static let dump: UInt16 = 0x300
    static let replace: UInt16 = 0x100
    static let exclusive: UInt16 = 0x200
    static let create: UInt16 = 0x400
    /// Of an answer: words of the kernel follow (NLM_F_ACK_TLVS).
    static let hasWords: UInt16 = 0x200
}

/// Attributes of links: IFLA_* of linux/if_link.h, VETH_INFO_* of linux/veth.h.
enum LinkAttribute {
    static let address: UInt16 = 1
    static let name: UInt16 = 3
    static let mtu: UInt16 = 4
    static let master: UInt16 = 10
    static let information: UInt16 = 18
    static let namespaceFile: UInt16 = 28
    static let informationKind: UInt16 = 1
    static let informationData: UInt16 = 2
    static let vethPeer: UInt16 = 1
    /// The flag IFF_UP.
    static let up: UInt32 = 1
}

/// Attributes of addresses and routes: IFA_* of linux/if_addr.h, RTA_* of linux/rtnetlink.h.
enum RouteAttribute {
    static let addressAddress: UInt16 = 1
    static let addressLocal: UInt16 = 2
    static let addressBroadcast: UInt16 = 4
    static let addressFlags: UInt16 = 8
    /// IFA_F_NODAD: the address is known to be nobody else's.
    static let noDuplicateDetection: UInt32 = 0x02
    static let destination: UInt16 = 1
    static let outInterface: UInt16 = 4
    static let gateway: UInt16 = 5
    static let table: UInt16 = 15
    static let mainTable: UInt32 = 254
}

/// Attributes of queueing disciplines: TCA_* of linux/rtnetlink.h and linux/pkt_sched.h.
enum DisciplineAttribute {
    static let kind: UInt16 = 1
    static let options: UInt16 = 2
    static let bucketParameters: UInt16 = 1
    static let bucketRate64: UInt16 = 4
    static let bucketBurst: UInt16 = 6
    /// TC_H_ROOT: all that leaves.
    static let root: UInt32 = 0xFFFF_FFFF
}
