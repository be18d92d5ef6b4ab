// SPDX-License-Identifier: Apache-2.0

/// An IPv4 or IPv6 address or a host name, and a TCP port; or a local socket.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// A numeric address or a name; for a local socket the path of its file, which begins with `/`.
    public let host: String
    /// 1 to 65535; 0 lets the system choose when listening.
    public let port: UInt16

    /// Joins host and port.
    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Whether it is a local socket, which has no port.
    public var isLocal: Bool { host.hasPrefix("/") }

    /// Reads `host:port` or `[ipv6]:port`.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, !host.hasPrefix("/") else { return nil }
        self.init(host: String(host), port: port)
    }

    /// `host:port`, with brackets round an IPv6 address; the path of a local socket.
    public var description: String {
        if isLocal { return host }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

/// Why a network operation failed.
public enum NetworkFailure: Error, Equatable, Sendable {
    /// Another process listens on this port.
    case portInUse(Endpoint)
    /// Nobody listens there.
    case refused(Endpoint)
    /// No answer in time.
    case timedOut(Endpoint)
    /// The name or address cannot be reached.
    case unreachable(Endpoint, reason: String)
    /// The stream was closed, here or by the peer.
    case closed
    /// The task was cancelled while it waited; the stream or listener itself stays open.
    case cancelled
    /// Any other error, with the system's own words.
    case system(errno: Int32, message: String)
}

/// Byte streams and datagrams between nodes.
public protocol Network: Sendable {
    /// Starts listening.
    func listen(on endpoint: Endpoint) async throws(NetworkFailure) -> any Listener
    /// Connects, or gives up after `timeoutMilliseconds`.
    ///
    /// - Parameter source: Where to dial from: where this process listens, so that the way a NAT
    ///   opens for the dial leads to the listener too. Nothing lets the system choose.
    /// - Throws: ``NetworkFailure``, with ``NetworkFailure/portInUse(_:)`` when the source cannot
    ///   be had, which says nothing of the endpoint.
    func dial(
        _ endpoint: Endpoint, from source: Endpoint?, timeoutMilliseconds: UInt64
    ) async throws(NetworkFailure) -> any ByteStream
    /// Opens a port for datagrams.
    func bind(_ request: DatagramRequest) async throws(NetworkFailure) -> any DatagramPort
    /// This machine's interfaces that are up, by number; at most ``NetworkInterface/countMax``.
    func interfaces() throws(NetworkFailure) -> [NetworkInterface]
    /// The same in another of the machine's network namespaces, by its path: what is opened there
    /// stays there, whoever uses it.
    ///
    /// - Throws: ``NetworkFailure/system(errno:message:)`` where there is none, or none to enter.
    func within(_ namespace: String) throws(NetworkFailure) -> any Network
}

extension Network {
    /// Refuses: most networks are in one place.
    public func within(_ namespace: String) throws(NetworkFailure) -> any Network {
        throw .system(errno: 0, message: "this network has no namespaces")
    }

    /// Connects from where the system chooses, or gives up after `timeoutMilliseconds`.
    public func dial(
        _ endpoint: Endpoint, timeoutMilliseconds: UInt64
    ) async throws(NetworkFailure) -> any ByteStream {
        try await dial(endpoint, from: nil, timeoutMilliseconds: timeoutMilliseconds)
    }
}

/// A listening port.
public protocol Listener: Sendable {
    /// Where it listens, with the port the system chose.
    var endpoint: Endpoint { get }
    /// The next stream; throws ``NetworkFailure/closed`` once closed.
    func accept() async throws(NetworkFailure) -> any ByteStream
    /// Stops listening.
    func close()
}

/// A two-way stream of bytes. One reader and one writer may use it at a time.
public protocol ByteStream: Sendable {
    /// The other end.
    var remote: Endpoint { get }
    /// At least one and at most `limit` bytes; an empty array at the end of the stream.
    func read(limit: Int) async throws(NetworkFailure) -> [UInt8]
    /// Sends all bytes; returns when the system has taken them, so a slow peer slows the writer.
    func write(_ bytes: [UInt8]) async throws(NetworkFailure)
    /// Sends a whole file range without copying it through this process where the system can.
    func write(
        file: any FileReader, from offset: UInt64, count: UInt64
    ) async throws(NetworkFailure)
    /// Closes both directions; waiting reads and writes throw ``NetworkFailure/closed``.
    func close()
}

/// A stream of which one direction can end before the other.
public protocol HalfClosableStream: ByteStream {
    /// Says that nothing more will be written: the peer gets an empty read after what was written.
    func endWriting() throws(NetworkFailure)
}

extension ByteStream {
    /// Sends a file range in pieces of 64 KiB.
    public func write(
        file: any FileReader, from offset: UInt64, count: UInt64
    ) async throws(NetworkFailure) {
        try await writeInPieces(file: file, from: offset, count: count)
    }

    /// Reads a file range piece by piece and sends each.
    ///
    /// - Throws: ``NetworkFailure/system(errno:message:)`` when the file cannot be read or ends
    ///   before the range does.
    package func writeInPieces(
        file: any FileReader, from offset: UInt64, count: UInt64
    ) async throws(NetworkFailure) {
        let pieceBytesMax: UInt64 = 65_536
        var position = offset
        let end = offset + count
        while position < end {
            let piece: [UInt8]
            do throws(DiskFailure) {
                let count = Int(min(pieceBytesMax, end - position))
                piece = try await file.read(at: position, count: count)
            } catch {
                throw .system(errno: 0, message: "\(error)")
            }
            guard !piece.isEmpty else {
                throw .system(errno: 0, message: "the file ends before the range does")
            }
            try await write(piece)
            position += UInt64(piece.count)
        }
    }
}
