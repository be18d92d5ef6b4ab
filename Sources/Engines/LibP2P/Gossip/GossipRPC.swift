// SPDX-License-Identifier: Apache-2.0

/// What one side tells the other at once: subscriptions, messages, control.
///
/// Source: libp2p pubsub and gossipsub v1.0 to v1.2 specifications; LIBP-31.
public struct GossipRPC: Hashable, Sendable {
    /// The longest RPC: one longest message and as much control again.
    public static let encodedBytesMax = 2 * GossipMessage.encodedBytesMax
    /// The most messages in one: with 64 bytes each they fill a third of an RPC.
    public static let messagesMax = 8_192
    /// The most subscriptions in one.
    public static let subscriptionsMax = 1_024
    /// The most control entries of one kind in one.
    public static let controlMax = 1_024
    /// The most message ids in one entry.
    public static let idsMax = 5_000
    /// The longest message id.
    public static let idBytesMax = 128
    /// The most peers that a prune may exchange.
    public static let exchangeMax = 32

    /// That a peer wants a topic, or no longer.
    public struct Subscription: Hashable, Sendable {
        package var isWanted: Bool
        package var topic: String

        package init(isWanted: Bool, topic: String) {
            self.isWanted = isWanted
            self.topic = topic
        }
    }

    /// Which messages of a topic a peer has.
    public struct Have: Hashable, Sendable {
        package var topic: String
        package var ids: [[UInt8]]

        package init(topic: String, ids: [[UInt8]]) {
            self.topic = topic
            self.ids = ids
        }
    }

    /// That a peer leaves a mesh, for how long, and whom it knows instead.
    public struct Prune: Hashable, Sendable {
        package var topic: String
        package var exchange: [Exchanged]
        package var backoffSeconds: UInt64?

        package init(topic: String, exchange: [Exchanged] = [], backoffSeconds: UInt64? = nil) {
            self.topic = topic
            self.exchange = exchange
            self.backoffSeconds = backoffSeconds
        }
    }

    /// A peer that a prune tells of, with its sealed record.
    public struct Exchanged: Hashable, Sendable {
        var peer: PeerID
        var record: [UInt8]?
    }

    package var subscriptions: [Subscription] = []
    package var messages: [GossipMessage] = []
    package var have: [Have] = []
    package var want: [[UInt8]] = []
    package var graft: [String] = []
    package var prune: [Prune] = []
    package var dontWant: [[UInt8]] = []
    /// How many messages could not be read and were passed over.
    var malformedMessages = 0

    /// Says nothing yet.
    public init() {}

    /// Whether it says nothing.
    public var isEmpty: Bool { messages.isEmpty && bringsMessagesAlone }

    /// Whether there is nothing in it but messages.
    var bringsMessagesAlone: Bool {
        subscriptions.isEmpty && have.isEmpty && want.isEmpty && graft.isEmpty && prune.isEmpty
            && dontWant.isEmpty
    }

    /// Reads the protobuf `RPC`; messages that cannot be read are counted and passed over.
    ///
    /// - Throws: ``WireFailure``.
    public init(_ bytes: [UInt8]) throws(WireFailure) {
        guard bytes.count <= Self.encodedBytesMax else {
            throw .tooLong(limit: Self.encodedBytesMax)
        }
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1:
                let inner = try field.message(max: GossipMessage.topicBytesMax + 16)
                try subscriptions.append(Self.subscription(inner), max: Self.subscriptionsMax)
            case 2:
                let slice = try field.slice(max: GossipMessage.encodedBytesMax)
                guard let message = try? GossipMessage(slice) else {
                    malformedMessages += 1
                    continue
                }
                try messages.append(message, max: Self.messagesMax)
            case 3: try readControl(field.message(max: Self.encodedBytesMax))
            default: break
            }
        }
    }

    private static func subscription(
        _ reader: ProtobufReader
    ) throws(WireFailure) -> Subscription {
        var reader = reader
        var subscription = Subscription(isWanted: false, topic: "")
        while let field = try reader.next() {
            switch field.number {
            case 1: subscription.isWanted = try field.flag()
            case 2: subscription.topic = try field.text(max: GossipMessage.topicBytesMax)
            default: break
            }
        }
        return subscription
    }

    private mutating func readControl(_ control: ProtobufReader) throws(WireFailure) {
        var reader = control
        while let field = try reader.next() {
            let inner = try field.message(max: Self.encodedBytesMax)
            switch field.number {
            case 1: try have.append(Self.have(inner), max: Self.controlMax)
            case 2: try Self.readIDs(inner, number: 1, into: &want)
            case 3:
                let (topic, _) = try Self.topicAndIDs(inner)
                try graft.append(topic, max: Self.controlMax)
            case 4: try prune.append(Self.prune(inner), max: Self.controlMax)
            case 5: try Self.readIDs(inner, number: 1, into: &dontWant)
            default: break
            }
        }
    }

    private static func have(_ reader: ProtobufReader) throws(WireFailure) -> Have {
        let (topic, ids) = try topicAndIDs(reader)
        return Have(topic: topic, ids: ids)
    }

    private static func topicAndIDs(
        _ reader: ProtobufReader
    ) throws(WireFailure) -> (String, [[UInt8]]) {
        var reader = reader
        var topic = ""
        var ids: [[UInt8]] = []
        while let field = try reader.next() {
            switch field.number {
            case 1: topic = try field.text(max: GossipMessage.topicBytesMax)
            case 2: try ids.append(field.bytes(max: idBytesMax), max: idsMax)
            default: break
            }
        }
        return (topic, ids)
    }

    private static func readIDs(
        _ reader: ProtobufReader, number: UInt64, into ids: inout [[UInt8]]
    ) throws(WireFailure) {
        var reader = reader
        while let field = try reader.next() {
            guard field.number == number else { continue }
            try ids.append(field.bytes(max: idBytesMax), max: idsMax)
        }
    }

    private static func prune(_ reader: ProtobufReader) throws(WireFailure) -> Prune {
        var reader = reader
        var prune = Prune(topic: "")
        while let field = try reader.next() {
            switch field.number {
            case 1: prune.topic = try field.text(max: GossipMessage.topicBytesMax)
            case 2:
                var inner = try field.message(max: SignedEnvelope.encodedBytesMax + 64)
                if let exchanged = try exchanged(&inner) {
                    try prune.exchange.append(exchanged, max: exchangeMax)
                }
            case 3: prune.backoffSeconds = try field.varint()
            default: break
            }
        }
        return prune
    }

    private static func exchanged(
        _ reader: inout ProtobufReader
    ) throws(WireFailure) -> Exchanged? {
        var peer: PeerID?
        var record: [UInt8]?
        while let field = try reader.next() {
            switch field.number {
            case 1: peer = try? PeerID(field.bytes(max: PeerID.byteCountMax))
            case 2: record = try field.bytes(max: SignedEnvelope.encodedBytesMax)
            default: break
            }
        }
        return peer.map { Exchanged(peer: $0, record: record) }
    }

    /// The protobuf `RPC`.
    public var encoded: [UInt8] {
        var writer = ProtobufWriter()
        for subscription in subscriptions {
            writer.message(1) { inner in
                inner.flag(1, subscription.isWanted)
                inner.text(2, subscription.topic)
            }
        }
        for message in messages { writer.bytes(2, message.encoded) }
        if !(have.isEmpty && want.isEmpty && graft.isEmpty && prune.isEmpty && dontWant.isEmpty) {
            writer.message(3, writeControl)
        }
        return writer.bytes
    }

    private func writeControl(_ writer: inout ProtobufWriter) {
        for entry in have {
            writer.message(1) { inner in
                inner.text(1, entry.topic)
                for id in entry.ids { inner.bytes(2, id) }
            }
        }
        if !want.isEmpty { writer.message(2) { for id in want { $0.bytes(1, id) } } }
        for topic in graft { writer.message(3) { $0.text(1, topic) } }
        for entry in prune {
            writer.message(4) { inner in
                inner.text(1, entry.topic)
                for exchanged in entry.exchange {
                    inner.message(2) { peer in
                        peer.bytes(1, exchanged.peer.bytes)
                        if let record = exchanged.record { peer.bytes(2, record) }
                    }
                }
                if let seconds = entry.backoffSeconds { inner.varint(3, seconds) }
            }
        }
        if !dontWant.isEmpty { writer.message(5) { for id in dontWant { $0.bytes(1, id) } } }
    }

    /// An RPC of one message that is encoded already, so that it is encoded once for all peers.
    static func encode(message: [UInt8]) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.bytes(2, message)
        return writer.bytes
    }
}
