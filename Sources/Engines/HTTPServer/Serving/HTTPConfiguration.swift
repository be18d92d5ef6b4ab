// SPDX-License-Identifier: Apache-2.0

/// How patient and how large a service is. Times are checked once a second, so a limit of ten
/// seconds acts after ten to eleven.
public struct HTTPConfiguration: Sendable {
    /// The most connections at once: 1,024 of at most 80 KiB of input each.
    public var connectionsMax = 1_024
    /// The most connections at once from one address: an eighth of all.
    public var connectionsPerAddressMax = 128
    /// How long a head may take from its first byte, and a new connection until its first head.
    public var headMilliseconds: UInt64 = 10_000
    /// How long it may take to agree on keys, where connections are sealed.
    public var handshakeMilliseconds: UInt64 = 10_000
    /// How long a client may send nothing of a body it announced.
    public var bodyIdleMilliseconds: UInt64 = 30_000
    /// How long a kept connection may wait for its next request.
    public var keepAliveMilliseconds: UInt64 = 60_000
    /// How long a client may take nothing of what is written.
    public var writeStallMilliseconds: UInt64 = 30_000
    /// How long an event stream is quiet before a comment is sent to keep it open.
    public var eventCommentMilliseconds: UInt64 = 15_000
    /// How long a closing connection takes in what the client still sends, so that the client
    /// reads the last response before the system answers its bytes with a reset.
    public var lingerMilliseconds: UInt64 = 2_000

    /// Which pages of other origins may read answers; without it no origin is looked at.
    public var crossOrigins: CrossOrigins?
    /// Whether answers in memory get an entity tag, and conditional requests are honoured.
    public var tagsAnswers = false
    /// Whether text is compressed for clients that take it so.
    public var compresses = false
    /// Whether each request has a name, which its response carries.
    public var namesRequests = false
    /// Takes a note of each request once it is answered; must return at once.
    public var accessLog: (@Sendable (AccessRecord) -> Void)?

    /// The usual limits.
    public init() {}

    /// How often times are checked.
    static let sweepMilliseconds: UInt64 = 1_000
    /// The most bytes of an unread body that are dropped to keep a connection: 64 KiB, what one
    /// read may hold anyway.
    static let drainBytesMax: UInt64 = 65_536
    /// The most bytes dropped from a closing connection: 1 MiB.
    static let lingerBytesMax = 1 << 20
    /// How many bytes of responses are gathered before they are written.
    static let gatherBytes = 65_536
    /// The most bytes written at once, so that a stall is seen on each: 1 MiB.
    static let writeBytesMax = 1 << 20
}

/// What a service counted since it was made. Counters never fall; `connections` is of now.
public struct HTTPCounters: Hashable, Sendable {
    /// Connections open now.
    public internal(set) var connections = 0
    /// Connections taken.
    public internal(set) var connectionsAccepted: UInt64 = 0
    /// Connections closed at once because there were too many in all or from one address.
    public internal(set) var connectionsRefused: UInt64 = 0
    /// Connections closed because a head, a body or a reader took too long.
    public internal(set) var connectionsTimedOut: UInt64 = 0
    /// Connections on which no keys could be agreed on, in time or at all.
    public internal(set) var handshakesFailed: UInt64 = 0
    /// Requests whose head was read.
    public internal(set) var requests: UInt64 = 0
    /// Messages that broke a rule of HTTP.
    public internal(set) var requestsRefused: UInt64 = 0
    /// Responses by the first digit of their status; index 0 counts 1xx.
    public internal(set) var responsesByClass: [UInt64] = [0, 0, 0, 0, 0]
    /// Responses replaced by a 500 because their fields or length were wrong.
    public internal(set) var responsesInvalid: UInt64 = 0
    /// Handlers that threw something other than a problem.
    public internal(set) var handlersFailed: UInt64 = 0
    /// Event streams cut because the client read too slowly.
    public internal(set) var eventClientsDropped: UInt64 = 0
    /// Bytes read from clients.
    public internal(set) var bytesRead: UInt64 = 0
    /// Bytes handed to the system for clients.
    public internal(set) var bytesWritten: UInt64 = 0
}
