// SPDX-License-Identifier: Apache-2.0
public import Consensus
public import StateTree
import Vocabulary

/// A value of the state, the proof that a root contains it, and the certified header of that root.
public struct CertifiedValue: Sendable {
    /// The value; nil when the proof shows that there is none.
    public let value: [UInt8]?
    /// The path from the value to the root.
    public let proof: StateProof
    /// The header that carries the root.
    public let header: BlockHeader
    /// Why that header is final.
    public let finality: FinalityProof

    /// Joins the parts.
    public init(
        value: [UInt8]?, proof: StateProof, header: BlockHeader, finality: FinalityProof
    ) {
        self.value = value
        self.proof = proof
        self.header = header
        self.finality = finality
    }
}

/// Why a value could not be certified.
public enum CertificationFailure: Error, Equatable, Sendable {
    /// No header carried the state's root in time; without a quorum of validators none does.
    case timedOut
}
