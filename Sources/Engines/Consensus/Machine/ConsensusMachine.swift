// SPDX-License-Identifier: Apache-2.0
public import Cryptography
import Vocabulary

/// Stake-weighted Simplex consensus as a value: inputs in, effects out (specs/consensus.md).
///
/// It holds no clock, disk, socket or task, and the same inputs give the same effects. A node
/// without a validator's key follows the chain and never votes.
public struct ConsensusMachine: Sendable {
    /// What all machines of this chain share.
    public let configuration: ConsensusConfiguration

    /// Starts from what was recovered; nothing happens before ``ConsensusInput/started``.
    ///
    /// - Parameters:
    ///   - identity: The key to vote with; one that is not a validator's only observes.
    ///   - recovered: This machine's own records. They are trusted.
    public init(
        configuration: ConsensusConfiguration, identity: SigningKey?,
        recovered: RecoveredState = .fresh
    ) {
        self.configuration = configuration
    }

    /// Takes one input.
    ///
    /// - Returns: What the host must do, in this order.
    public mutating func receive(_ input: ConsensusInput) -> [ConsensusEffect] {
        []
    }
}
