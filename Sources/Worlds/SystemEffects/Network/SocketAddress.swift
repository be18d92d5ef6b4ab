// SPDX-License-Identifier: Apache-2.0
import CShims
import Effects
import Glibc

/// An IPv4 or IPv6 address with a port, or the path of a local socket, as the socket calls take it.
struct SocketAddress: Sendable {
    private var storage = sockaddr_storage()
    private(set) var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// Room for a call that fills in an address.
    init() {}

    /// Copies an address of `length` bytes.
    init(_ address: UnsafePointer<sockaddr>, length: socklen_t) {
        self.length = min(length, socklen_t(MemoryLayout<sockaddr_storage>.size))
        withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.copyMemory(
                from: UnsafeRawBufferPointer(start: address, count: Int(self.length)))
        }
    }

    /// The address of a local socket; nil for a path that is too long for one.
    init?(localPath path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path), !bytes.contains(0) else {
            return nil
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let count = MemoryLayout<sockaddr_un>.size
        withUnsafeMutableBytes(of: &storage) { target in
            withUnsafeBytes(of: &address) { target.copyMemory(from: $0) }
        }
        length = socklen_t(count)
    }

    /// The address of a datagram that has arrived.
    init(_ datagram: atoll_datagram) {
        storage = datagram.address
        length = min(datagram.address_count, socklen_t(MemoryLayout<sockaddr_storage>.size))
    }

    /// A datagram of this address, without bytes.
    var datagram: atoll_datagram {
        var datagram = atoll_datagram()
        datagram.address = storage
        datagram.address_count = length
        return datagram
    }

    /// `AF_INET` or `AF_INET6`.
    var family: Int32 { Int32(storage.ss_family) }

    /// Passes the address to a call that reads it.
    func read<Value>(_ call: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, length) }
        }
    }

    /// Passes the room to a call that fills it in.
    mutating func fill<Value>(
        _ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Value
    ) -> Value {
        var filled = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let value = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, &filled) }
        }
        length = filled
        return value
    }

    /// The numeric host and port, or the path of a local socket.
    var endpoint: Endpoint {
        if family == AF_UNIX { return localEndpoint }
        let hostBytesMax = 256
        let portBytesMax = 16
        var host = [CChar](repeating: 0, count: hostBytesMax)
        var port = [CChar](repeating: 0, count: portBytesMax)
        let result = read { address, length in
            getnameinfo(
                address, length, &host, socklen_t(hostBytesMax), &port, socklen_t(portBytesMax),
                NI_NUMERICHOST | NI_NUMERICSERV)
        }
        guard result == 0, let number = UInt16(Self.text(port)) else {
            return Endpoint(host: "unknown", port: 0)
        }
        return Endpoint(host: Self.text(host), port: number)
    }

    /// Who dials a local socket has no name of its own.
    private var localEndpoint: Endpoint {
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        let path = withUnsafeBytes(of: storage) { bytes in
            String(
                decoding: bytes[start..<max(start, Int(length))].prefix { $0 != 0 },
                as: UTF8.self)
        }
        return Endpoint(host: path.isEmpty ? "local" : path, port: 0)
    }

    /// The address a socket is bound to.
    static func local(of socket: Int32) -> SocketAddress {
        var address = SocketAddress()
        _ = address.fill { getsockname(socket, $0, $1) }
        return address
    }

    /// The address a socket is connected to.
    static func remote(of socket: Int32) -> SocketAddress {
        var address = SocketAddress()
        _ = address.fill { getpeername(socket, $0, $1) }
        return address
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// Looks up the addresses of an endpoint.
enum AddressLookup {
    /// The most addresses of one name that are tried.
    static let addressesMax = 8

    /// Addresses of a host in the system's order of preference.
    ///
    /// - Parameter isNumeric: Accept only a numeric host, which never blocks.
    /// - Returns: An empty array for a name when only numeric hosts are accepted.
    /// - Throws: ``NetworkFailure/unreachable(_:reason:)`` when the name is not known.
    static func addresses(
        of endpoint: Endpoint, isNumeric: Bool, forListening: Bool
    ) throws(NetworkFailure) -> [SocketAddress] {
        if endpoint.isLocal {
            guard let address = SocketAddress(localPath: endpoint.host) else {
                throw .unreachable(endpoint, reason: SystemMessage.of(ENAMETOOLONG))
            }
            return [address]
        }
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        if isNumeric { hints.ai_flags |= AI_NUMERICHOST }
        if forListening { hints.ai_flags |= AI_PASSIVE }
        var list: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(endpoint.host, "\(endpoint.port)", &hints, &list)
        guard result == 0 else {
            if isNumeric && result == EAI_NONAME { return [] }
            throw .unreachable(endpoint, reason: String(cString: gai_strerror(result)))
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next?.pointee, addresses.count < addressesMax {
            if let address = entry.ai_addr {
                addresses.append(SocketAddress(address, length: entry.ai_addrlen))
            }
            next = entry.ai_next
        }
        return addresses
    }
}
