// SPDX-License-Identifier: Apache-2.0
public import Consensus
public import Ledger
public import Vocabulary

/// A header that a quorum of the trusted validators made final; only a ``LightVerifier`` makes one.
public struct CertifiedHeader: Hashable, Sendable {
    /// The header.
    public let header: BlockHeader
    /// How many validators signed.
    public let signers: Int

    init(header: BlockHeader, signers: Int) {
        self.header = header
        self.signers = signers
    }

    /// The root of the state that the header vouches for.
    public var stateRoot: Digest { header.stateRoot }
    /// The height of that state, below the header's own.
    public var stateHeight: BlockHeight { header.stateHeight }
}

/// What the state holds under a key, shown under a certified header; only a ``LightVerifier`` makes
/// one.
public struct ProvenEntry: Hashable, Sendable {
    /// The header that vouches for it.
    public let header: CertifiedHeader
    /// Whose key.
    public let module: ModuleID
    /// The module's key.
    public let key: [UInt8]
    /// The value; nil says that there is none.
    public let value: [UInt8]?

    init(header: CertifiedHeader, entry: ProofEntry) {
        self.header = header
        module = entry.module
        key = entry.key
        value = entry.value
    }
}
