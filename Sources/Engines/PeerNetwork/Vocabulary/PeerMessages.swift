// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// One message from a peer, whole and authenticated.
public struct InboundMessage: Hashable, Sendable {
    /// Who sent it.
    public let from: PublicKey
    /// The channel's number, as the sender gave it.
    public let channel: UInt8
    /// The content.
    public let bytes: [UInt8]

    /// Joins the parts.
    public init(from: PublicKey, channel: UInt8, bytes: [UInt8]) {
        self.from = from
        self.channel = channel
        self.bytes = bytes
    }
}

/// One request from a peer, to be answered.
public struct InboundRequest: Hashable, Sendable {
    /// Who asks.
    public let from: PublicKey
    /// The channel's number.
    public let channel: UInt8
    /// The question.
    public let bytes: [UInt8]

    /// Joins the parts.
    public init(from: PublicKey, channel: UInt8, bytes: [UInt8]) {
        self.from = from
        self.channel = channel
        self.bytes = bytes
    }
}

/// What a responder says to a request.
public enum RequestAnswer: Hashable, Sendable {
    /// The answer's bytes.
    case answer([UInt8])
    /// No, with a code of 1 to 239 whose meaning belongs to the channel.
    case refused(code: UInt8)
}

/// What happens to connections.
public enum PeerEvent: Equatable, Sendable {
    /// A peer can be sent to.
    case connected(PeerInfo)
    /// A peer is gone, with what was queued for it.
    case disconnected(PeerInfo, DisconnectReason)
    /// An attempt ended before a peer was admitted; the key is known when this node dialled.
    case refused(expected: PublicKey?, DisconnectReason)
}

/// Which connected peers a broadcast goes to.
public enum PeerFilter: Hashable, Sendable {
    /// All.
    case all
    /// Those with at least one of these roles.
    case roles(PeerRoles)
    /// These.
    case keys([PublicKey])
    /// All but this one.
    case except(PublicKey)

    /// Whether a peer is meant.
    public func includes(_ peer: PeerInfo) -> Bool {
        switch self {
        case .all: true
        case .roles(let roles): !peer.roles.isDisjoint(with: roles)
        case .keys(let keys): keys.contains(peer.publicKey)
        case .except(let key): peer.publicKey != key
        }
    }
}

/// How many peers a broadcast was queued for, and how many had no room.
public struct BroadcastOutcome: Hashable, Sendable {
    /// Peers it was queued for.
    public var queued = 0
    /// Peers whose queue of that class was full.
    public var dropped = 0

    /// Nobody yet.
    public init() {}
}

/// Why a message could not be queued.
public enum SendFailure: Error, Hashable, Sendable {
    /// No connection to this peer.
    case notConnected
    /// Above the mesh's limit.
    case tooLong(length: Int, limit: Int)
    /// The waiting task was cancelled.
    case cancelled
}

/// Why a request has no answer.
public enum RequestFailure: Error, Hashable, Sendable {
    /// No connection to this peer, or it ended before the answer came.
    case notConnected
    /// Above the mesh's limit.
    case tooLong(length: Int, limit: Int)
    /// This node already waits for as many answers from the peer as it may.
    case tooManyInFlight
    /// The send queue of that class was full.
    case queueFull
    /// No answer in time.
    case timedOut
    /// The peer said no with this code; 240 and above come from the transport.
    case refused(code: UInt8)
    /// The waiting task was cancelled.
    case cancelled

    /// The transport's own refusal: the peer is answering as many requests as it may.
    public static let busyCode: UInt8 = 240
    /// The transport's own refusal: the answer was longer than a message may be.
    public static let answerTooLongCode: UInt8 = 241
    /// The transport's own refusal: a responder gave a refusal code outside 1 to 239.
    public static let badCode: UInt8 = 242
}
