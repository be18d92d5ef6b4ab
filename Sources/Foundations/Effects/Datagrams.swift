// SPDX-License-Identifier: Apache-2.0

/// One message of its own (UDP): it arrives whole or not at all.
public struct Datagram: Hashable, Sendable {
    /// The longest: what one UDP message over IPv4 carries (65,535 less 28 bytes of headers).
    public static let byteCountMax = 65_507

    /// Where it goes, or where it came from.
    public var endpoint: Endpoint
    /// What it carries.
    public var bytes: [UInt8]

    /// Joins both.
    public init(_ endpoint: Endpoint, _ bytes: [UInt8]) {
        self.endpoint = endpoint
        self.bytes = bytes
    }
}

/// What a port for datagrams is opened with.
public struct DatagramRequest: Hashable, Sendable {
    /// Where to be reached, with a numeric host; port 0 lets the system choose.
    public var endpoint: Endpoint
    /// Multicast groups to hear of, as numeric hosts of the endpoint's family.
    public var groups: [String] = []
    /// The number of the interface (``NetworkInterface/index``) that groups are joined at and sent
    /// to; nothing lets the system choose.
    public var interface: UInt32?
    /// Whether others of this machine may open the same port, as those that hear groups do.
    public var isShared = false

    /// Asks for a port that hears what is sent to it alone.
    public init(_ endpoint: Endpoint) { self.endpoint = endpoint }
}

/// A port for datagrams, which may be lost, doubled, or come in another order (EFFECTS-26).
public protocol DatagramPort: Sendable {
    /// Where it is reached, with the port the system chose.
    var endpoint: Endpoint { get }
    /// Waits for datagrams and gives those that have arrived: at least one and at most `limit`.
    ///
    /// One reader may wait at a time.
    ///
    /// - Throws: ``NetworkFailure/closed``, ``NetworkFailure/cancelled``.
    func receive(limit: Int) async throws(NetworkFailure) -> [Datagram]
    /// Hands datagrams to the system, and waits where it has no room for them.
    ///
    /// One writer may wait at a time. That one was taken says nothing of its arrival.
    ///
    /// - Returns: How many the system took; it takes none that is too long or has no way.
    /// - Throws: ``NetworkFailure/closed``, ``NetworkFailure/cancelled``.
    @discardableResult
    func send(_ datagrams: [Datagram]) async throws(NetworkFailure) -> Int
    /// Closes the port; waiting calls throw ``NetworkFailure/closed``.
    func close()
}

/// One of this machine's ways to a network.
public struct NetworkInterface: Hashable, Sendable {
    /// The most that are told of.
    public static let countMax = 256

    /// Its name, as people know it.
    public let name: String
    /// Its number, at least 1.
    public let index: UInt32
    /// Its numeric addresses, without a zone.
    public let addresses: [String]
    /// Whether it leads back to this machine.
    public let isLoopback: Bool
    /// Whether groups can be reached over it.
    public let isMulticast: Bool

    /// Describes one.
    public init(
        name: String, index: UInt32, addresses: [String], isLoopback: Bool, isMulticast: Bool
    ) {
        self.name = name
        self.index = index
        self.addresses = addresses
        self.isLoopback = isLoopback
        self.isMulticast = isMulticast
    }
}
