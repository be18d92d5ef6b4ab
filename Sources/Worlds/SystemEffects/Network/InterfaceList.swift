// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc

extension SystemNetwork {
    func interfaces() throws(NetworkFailure) -> [NetworkInterface] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { throw .fromSystem() }
        defer { freeifaddrs(list) }
        var found: [UInt32: NetworkInterface] = [:]
        var next = list
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard let name = entry.ifa_name, entry.ifa_flags & Self.up != 0 else { continue }
            let index = if_nametoindex(name)
            let known = found[index]
            guard index > 0, known != nil || found.count < NetworkInterface.countMax else {
                continue
            }
            let address = entry.ifa_addr.flatMap(Self.host)
            found[index] = NetworkInterface(
                name: String(cString: name), index: index,
                addresses: (known?.addresses ?? []) + (address.map { [$0] } ?? []),
                isLoopback: entry.ifa_flags & Self.loopback != 0,
                isMulticast: entry.ifa_flags & Self.multicast != 0)
        }
        return found.values.sorted { $0.index < $1.index }
    }

    // From net/if.h (netdevice(7)).
    private static let up: UInt32 = 0x1
    private static let loopback: UInt32 = 0x8
    private static let multicast: UInt32 = 0x1000

    private static func host(_ address: UnsafeMutablePointer<sockaddr>) -> String? {
        let length: Int
        switch Int32(address.pointee.sa_family) {
        case AF_INET: length = MemoryLayout<sockaddr_in>.size
        case AF_INET6: length = MemoryLayout<sockaddr_in6>.size
        default: return nil
        }
        let host = SocketAddress(address, length: socklen_t(length)).endpoint.host
        return host.split(separator: "%").first.map(String.init)
    }
}
