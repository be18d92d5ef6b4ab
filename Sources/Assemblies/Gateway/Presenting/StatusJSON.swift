// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import NodeInterface
import Vocabulary

extension JSON {
    /// How a node stands.
    init(_ status: NodeStatus, genesis: Genesis, version: String) {
        let stakeTotal = status.validators.reduce(UInt64(0)) { $0 + $1.stake }
        self = JSON(members: [
            ("chain", JSON(genesis.chain)), ("name", .string(genesis.name)),
            ("version", .string(version)), ("role", .string(status.roles)),
            ("publicKey", JSON(status.publicKey)), ("height", JSON(status.head.height)),
            ("slot", JSON(status.slot)), ("stateRoot", JSON(status.head.root)),
            ("headTime", JSON(status.head.time)),
            ("lastBlockAgeMilliseconds", JSON(status.lastBlockAgeMilliseconds)),
            ("validators", .array(status.validators.map { JSON($0) })),
            ("stakeConnected", JSON(status.stakeConnected)), ("stakeTotal", JSON(stakeTotal)),
            ("quorum", JSON(status.quorum)), ("hasQuorum", .bool(status.hasQuorum)),
            (
                "reason",
                status.troubles.isEmpty ? nil : .string(status.troubles.joined(separator: "; "))
            ),
            ("peers", .array(status.peers.map { JSON($0) })),
            ("pendingTransactions", JSON(status.pendingTransactions)),
            ("blobBytes", JSON(status.blobBytes)),
        ])
    }

    private init(_ validator: NodeStatus.Validator) {
        self = [
            "name": .string(validator.name), "publicKey": JSON(validator.publicKey),
            "stake": JSON(validator.stake), "connected": .bool(validator.isConnected),
        ]
    }

    private init(_ peer: NodeStatus.Peer) {
        let microseconds = peer.roundTripMicroseconds
        self = JSON(members: [
            ("publicKey", JSON(peer.publicKey)), ("role", .string(peer.roles)),
            ("endpoint", peer.endpoint.map { .string("\($0)") } ?? .null),
            ("state", .string(peer.state)),
            ("roundTripMilliseconds", microseconds.map { Self.milliseconds($0) } ?? .null),
            ("lastReason", peer.lastReason.map { .string($0) }),
        ])
    }

    /// Microseconds as milliseconds with three decimals.
    private static func milliseconds(_ microseconds: UInt64) -> JSON {
        let decimals = "\(1_000 + microseconds % 1_000)".dropFirst()
        return .number("\(microseconds / 1_000).\(decimals)")
    }
}
