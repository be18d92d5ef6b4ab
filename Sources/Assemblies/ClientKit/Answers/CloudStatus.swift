// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Vocabulary

/// How a gateway's node stands.
public struct CloudStatus: Hashable, Sendable {
    /// One validator, as the gateway sees it.
    public struct Validator: Hashable, Sendable {
        /// Its name in the genesis.
        public let name: String
        /// Its key.
        public let publicKey: PublicKey
        /// Its stake.
        public let stake: UInt64
        /// Whether the gateway is connected with it.
        public let isConnected: Bool
    }

    /// One peer.
    public struct Peer: Hashable, Sendable {
        /// Its key.
        public let publicKey: PublicKey
        /// What it says it does.
        public let role: String
        /// Where it is dialled or came from.
        public let endpoint: String?
        /// `connected`, `dialing` or `waiting`.
        public let state: String
    }

    /// The chain.
    public let chain: ChainID
    /// The chain's name.
    public let name: String
    /// The gateway's release.
    public let version: String
    /// The last executed height.
    public let height: BlockHeight
    /// The slot of the last final block.
    public let slot: Slot
    /// The root of the state after the last executed block.
    public let stateRoot: Digest
    /// The time of the last executed block.
    public let headTime: Timestamp
    /// How long ago a final block arrived.
    public let lastBlockAgeMilliseconds: UInt64
    /// The validators.
    public let validators: [Validator]
    /// The stake of the connected validators.
    public let stakeConnected: UInt64
    /// The stake of all validators.
    public let stakeTotal: UInt64
    /// The stake a certificate needs.
    public let quorum: UInt64
    /// Whether the connected validators could certify a block.
    public let hasQuorum: Bool
    /// What is wrong, in words.
    public let reason: String?
    /// The peers.
    public let peers: [Peer]
    /// Transactions that wait.
    public let pendingTransactions: UInt64
    /// The answer as it came.
    public let json: JSON

    /// What the chain's clock shows now, without using the client's own clock, which may be wrong.
    public var chainTime: Timestamp { headTime.advanced(by: lastBlockAgeMilliseconds) }

    init(_ answer: AnswerReader) throws(ClientFailure) {
        chain = try answer.identifier("chain")
        name = try answer.text("name")
        version = try answer.text("version")
        height = try BlockHeight(answer.unsigned("height"))
        slot = try Slot(answer.unsigned("slot"))
        stateRoot = try answer.identifier("stateRoot")
        headTime = try Timestamp(answer.unsigned("headTime"))
        lastBlockAgeMilliseconds = try answer.unsigned("lastBlockAgeMilliseconds")
        validators = try answer.values("validators") { one throws(ClientFailure) in
            Validator(
                name: try one.text("name"), publicKey: try one.identifier("publicKey"),
                stake: try one.unsigned("stake"), isConnected: try one.flag("connected"))
        }
        stakeConnected = try answer.unsigned("stakeConnected")
        stakeTotal = try answer.unsigned("stakeTotal")
        quorum = try answer.unsigned("quorum")
        hasQuorum = try answer.flag("hasQuorum")
        reason = try answer.optional("reason").map { _ throws(ClientFailure) in
            try answer.text("reason")
        }
        peers = try answer.values("peers") { one throws(ClientFailure) in
            Peer(
                publicKey: try one.identifier("publicKey"), role: try one.text("role"),
                endpoint: one.optional("endpoint")?.json.text, state: try one.text("state"))
        }
        pendingTransactions = try answer.unsigned("pendingTransactions")
        json = answer.json
    }
}
