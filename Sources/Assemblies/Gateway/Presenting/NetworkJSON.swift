// SPDX-License-Identifier: Apache-2.0
import JSONText
import NodeInterface

extension JSON {
    /// How a node's network stands.
    init(_ status: NetworkStatus) {
        self = JSON(members: [
            ("peer", .string(status.peer)), ("addresses", .texts(status.addresses)),
            ("observedAddresses", .texts(status.observedAddresses)),
            ("reachability", .string(status.reachability)),
            ("placesHeld", JSON(status.placesHeld)), ("circuits", JSON(status.circuits)),
            ("knownPeers", JSON(status.knownPeers)),
            ("connections", .array(status.connections.map { JSON($0) })),
            ("protocols", .array(status.protocols.map { JSON($0) })),
            ("bans", .array(status.bans.map { JSON($0) })),
            (
                "ends",
                .array(
                    status.ends.map { ["reason": .string($0.reason), "count": JSON($0.count)] })
            ),
            (
                "counters",
                .array(
                    status.counters.map { ["name": .string($0.name), "value": JSON($0.value)] })
            ),
        ])
    }

    private init(_ connection: NetworkConnection) {
        self = JSON(members: [
            ("peer", .string(connection.peer)), ("address", .string(connection.address)),
            ("inbound", .bool(connection.isInbound)), ("streams", JSON(connection.streams)),
            ("roundTripMicroseconds", connection.roundTripMicroseconds.map { JSON($0) }),
        ])
    }

    private init(_ traffic: NetworkProtocol) {
        self = [
            "name": .string(traffic.name), "inboundStreams": JSON(traffic.inboundStreams),
            "outboundStreams": JSON(traffic.outboundStreams),
            "refusedStreams": JSON(traffic.refusedStreams), "bytesIn": JSON(traffic.bytesIn),
            "bytesOut": JSON(traffic.bytesOut),
        ]
    }

    private init(_ ban: NetworkBan) {
        self = [
            "banned": .string(ban.banned), "reason": .string(ban.reason),
            "millisecondsLeft": JSON(ban.millisecondsLeft),
        ]
    }

    /// What is known of one peer.
    init(_ peer: NetworkPeer) {
        self = JSON(members: [
            ("peer", .string(peer.peer)), ("publicKey", peer.publicKey.map { JSON($0) }),
            ("connected", .bool(peer.isConnected)), ("protected", .bool(peer.isProtected)),
            ("added", .bool(peer.isAdded)),
            ("roles", peer.roles.map { .string($0) }), ("agent", .string(peer.agent)),
            ("addresses", .texts(peer.addresses)), ("protocols", .texts(peer.protocols)),
            ("roundTripMicroseconds", peer.roundTripMicroseconds.map { JSON($0) }),
            ("ban", peer.ban.map { JSON($0) }), ("lastReason", peer.lastReason.map { .string($0) }),
        ])
    }

    /// What a trace has noted.
    init(_ trace: NetworkTrace) {
        self = JSON(members: [
            ("noted", JSON(trace.noted)), ("running", .bool(trace.isRunning)),
            ("movements", .array(trace.movements.map { JSON($0) })),
        ])
    }

    private init(_ movement: NetworkTrace.Movement) {
        self = [
            "number": JSON(movement.number), "milliseconds": JSON(movement.milliseconds),
            "peer": .string(movement.peer), "protocol": .string(movement.protocolName),
            "stream": JSON(movement.stream), "direction": movement.isInbound ? "in" : "out",
            "bytes": JSON(movement.bytes),
        ]
    }

    /// A list of texts.
    static func texts(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
}
