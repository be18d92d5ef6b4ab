// SPDX-License-Identifier: Apache-2.0
public import ServiceDiscovery

/// What a running node offers of its network's services and negotiations (specs/discovery.md).
public protocol ServiceAccess: Sendable {
    /// Where this node is reached, as announcements carry it.
    var addresses: [[UInt8]] { get async }

    /// Tells an announcement to everybody.
    ///
    /// - Throws: ``ServiceRefusal`` when this node does not believe or keep it.
    func announce(_ signed: SignedAnnouncement) async throws(ServiceRefusal)

    /// Answers a question from what this node knows; when that is nothing, it looks into the
    /// distributed hash table first.
    func search(_ query: ServiceQuery) async -> ServicePage

    /// Says something in a negotiation.
    ///
    /// - Throws: ``NegotiationRefusal`` when it is not signed well or changes nothing lawful.
    func say(_ signed: SignedTaskMessage) async throws(NegotiationRefusal)

    /// One negotiation, as far as it was heard here.
    func negotiation(_ task: TaskID) async -> TaskNegotiation?

    /// Tasks whose bids are awaited, those that end first in front.
    func openTasks() async -> [TaskNegotiation]

    /// Waits until something has changed in a negotiation since a version, or time is up.
    ///
    /// - Returns: The version then, above 0.
    func changes(after version: UInt64, waiting milliseconds: UInt64) async -> UInt64
}

/// The owner's debug log of single movements on streams (LIBP-90).
public protocol TraceAccess: Sendable {
    /// Notes movements for some seconds, with one peer or all, over protocols whose names begin
    /// with a text; what was noted before is gone.
    ///
    /// - Throws: ``NetworkRefusal/malformed(_:)`` when the peer is no name.
    func begin(
        peer: String?, protocolStart: String, seconds: UInt64
    ) async throws(NetworkRefusal)

    /// What was noted after a number, at most `limit`.
    func page(after number: UInt64, limit: Int) async -> NetworkTrace
}

/// What a trace has noted.
public struct NetworkTrace: Hashable, Sendable {
    /// One movement of bytes; never what they say.
    public struct Movement: Hashable, Sendable {
        /// Counts from 1.
        public let number: UInt64
        /// Since the trace began.
        public let milliseconds: UInt64
        /// With whom, by its name.
        public let peer: String
        /// Over which protocol.
        public let protocolName: String
        /// The stream's number in its connection.
        public let stream: UInt32
        /// Whether the bytes came in.
        public let isInbound: Bool
        /// How many.
        public let bytes: Int

        /// Joins the fields.
        public init(
            number: UInt64, milliseconds: UInt64, peer: String, protocolName: String,
            stream: UInt32, isInbound: Bool, bytes: Int
        ) {
            self.number = number
            self.milliseconds = milliseconds
            self.peer = peer
            self.protocolName = protocolName
            self.stream = stream
            self.isInbound = isInbound
            self.bytes = bytes
        }
    }

    /// The movements, the oldest first.
    public let movements: [Movement]
    /// How many were noted in all.
    public let noted: UInt64
    /// Whether it goes on.
    public let isRunning: Bool

    /// The longest trace in seconds.
    public static let secondsMax: UInt64 = 3_600

    /// Joins the fields.
    public init(movements: [Movement], noted: UInt64, isRunning: Bool) {
        self.movements = movements
        self.noted = noted
        self.isRunning = isRunning
    }
}
