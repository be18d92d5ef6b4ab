// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import ServiceDiscovery
public import Vocabulary

/// A peer as a gateway's node knows it.
public struct PeerView: Hashable, Sendable {
    /// Its name on the network.
    public let peer: String
    /// Where it can be reached.
    public let addresses: [String]
    /// What it answers to.
    public let protocols: [String]
    /// Which program it says it is.
    public let agent: String
    /// Whether it is connected.
    public let isConnected: Bool
    /// Whether the node keeps it whatever its limits.
    public let isProtected: Bool
    /// Whether its owner added it.
    public let isAdded: Bool
    /// What it does in this cloud.
    public let roles: String?
    /// The time of a ping.
    public let roundTripMicroseconds: UInt64?
    /// Why it is kept out.
    public let banReason: String?
    /// Why the last connection ended.
    public let lastReason: String?
    /// The answer as it came.
    public let json: JSON

    init(_ answer: AnswerReader) throws(ClientFailure) {
        peer = try answer.text("peer")
        addresses = try answer.texts("addresses")
        protocols = try answer.texts("protocols")
        agent = try answer.text("agent")
        isConnected = try answer.flag("connected")
        isProtected = try answer.flag("protected")
        isAdded = try answer.flag("added")
        roles = answer.optional("roles")?.json.text
        roundTripMicroseconds = answer.optional("roundTripMicroseconds")?.json.unsigned
        banReason = try answer.optional("ban")?.text("reason")
        lastReason = answer.optional("lastReason")?.json.text
        json = answer.json
    }
}

/// How a gateway's network stands.
public struct NetworkView: Hashable, Sendable {
    /// What passed over one protocol.
    public struct Traffic: Hashable, Sendable {
        /// The protocol.
        public let name: String
        /// Streams opened by either side.
        public let streams: UInt64
        /// Bytes read.
        public let bytesIn: UInt64
        /// Bytes written.
        public let bytesOut: UInt64
    }

    /// The node's own name.
    public let peer: String
    /// Where it says it can be reached.
    public let addresses: [String]
    /// Whether others can dial it: `open`, `closed` or `unknown`.
    public let reachability: String
    /// How many places it holds for peers that cannot be dialled.
    public let placesHeld: UInt64
    /// How many circuits between others go through it.
    public let circuits: UInt64
    /// How many peers it knows.
    public let knownPeers: UInt64
    /// How many connections others dialled.
    public let inboundConnections: Int
    /// How many it dialled itself.
    public let outboundConnections: Int
    /// What passed.
    public let traffic: [Traffic]
    /// Who is kept out, and why.
    public let bans: [String]
    /// The answer as it came.
    public let json: JSON

    init(_ answer: AnswerReader) throws(ClientFailure) {
        peer = try answer.text("peer")
        addresses = try answer.texts("addresses")
        reachability = try answer.text("reachability")
        placesHeld = try answer.unsigned("placesHeld")
        circuits = try answer.unsigned("circuits")
        knownPeers = try answer.unsigned("knownPeers")
        var inbound = 0
        let all = try answer.list("connections")
        for one in all where try one.flag("inbound") { inbound += 1 }
        inboundConnections = inbound
        outboundConnections = all.count - inbound
        traffic = try answer.values("protocols") { one throws(ClientFailure) in
            Traffic(
                name: try one.text("name"),
                streams: try one.unsigned("inboundStreams") + one.unsigned("outboundStreams"),
                bytesIn: try one.unsigned("bytesIn"), bytesOut: try one.unsigned("bytesOut"))
        }
        bans = try answer.values("bans") { one throws(ClientFailure) in
            "\(try one.text("banned")): \(try one.text("reason"))"
        }
        json = answer.json
    }
}

/// A provider's announcement, checked here: its signature is its signer's.
public struct ServiceView: Hashable, Sendable {
    /// What is announced.
    public let announcement: ServiceAnnouncement
    /// The gateway's word on the signer's score, of 1,000.
    public let score: UInt64?
    /// The gateway's word on whether the ledger knows the signer as an active provider.
    public let isRegistered: Bool
    /// From the gateway to the signer.
    public let roundTripMicroseconds: UInt64?
    /// The answer as it came.
    public let json: JSON

    init(_ answer: AnswerReader) throws(ClientFailure) {
        guard let bytes = Hexadecimal.decode(try answer.text("signed")),
            let signed = try? SignedAnnouncement(received: bytes),
            (try? signed.checked(
                on: signed.announcement.chain, at: signed.announcement.issued)) != nil
        else { throw answer.wrong("signed", "is no announcement that its signer signed") }
        announcement = signed.announcement
        score = answer.optional("score")?.json.unsigned
        isRegistered = try answer.flag("registered")
        roundTripMicroseconds = answer.optional("roundTripMicroseconds")?.json.unsigned
        json = answer.json
    }
}

/// A negotiation as a gateway heard it; bids and awards are checked by who uses them.
public struct TaskView: Hashable, Sendable {
    /// Its name.
    public let task: TaskID
    /// `bidding`, `choosing`, `awarded`, `withdrawn` or `expired`.
    public let phase: String
    /// What sort of work it is.
    public let kind: String
    /// What all places may cost.
    public let budgetMax: Amount
    /// How many places there are.
    public let places: UInt64
    /// The bids as they were signed.
    public let bids: [SignedTaskMessage]
    /// How each of them stands, by the gateway's word.
    public let standings: [String]
    /// The answer as it came.
    public let json: JSON

    init(_ answer: AnswerReader) throws(ClientFailure) {
        task = try answer.identifier("task")
        phase = try answer.text("phase")
        kind = try answer.text("kind")
        budgetMax = try answer.amount("budgetMax")
        places = try answer.unsigned("places")
        bids = try answer.values("bids") { one throws(ClientFailure) in
            guard let bytes = Hexadecimal.decode(try one.text("signed")),
                let signed = try? SignedTaskMessage(received: bytes)
            else { throw one.wrong("signed", "is no message of a negotiation") }
            return signed
        }
        standings = try answer.values("bids") { one throws(ClientFailure) in
            try one.text("standing")
        }
        json = answer.json
    }
}
