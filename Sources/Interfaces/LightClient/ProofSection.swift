// SPDX-License-Identifier: Apache-2.0
public import Consensus
import Ledger
public import StateTree
public import Vocabulary

/// A header, why it is final, and what the state whose root it carries holds (LIGHT-10).
public struct ProofSection: Hashable, Sendable {
    /// The most entries of one section: the assets of one account on a page of a wallet.
    public static let entriesMax = 64

    /// The header that carries the root.
    public let header: BlockHeader
    /// Why that header is final: the signatures of a quorum.
    public let finality: FinalityProof
    /// What the state holds; at least one entry, at most ``entriesMax``.
    public let entries: [ProofEntry]

    /// Joins the parts without checking them.
    ///
    /// - Returns: Nothing without an entry, or with more than ``entriesMax``.
    public init?(header: BlockHeader, finality: FinalityProof, entries: [ProofEntry]) {
        guard (1...Self.entriesMax).contains(entries.count) else { return nil }
        self.header = header
        self.finality = finality
        self.entries = entries
    }

    /// The section with further entries under the same header, or nothing beyond the limit.
    func adding(_ more: [ProofEntry]) -> ProofSection? {
        ProofSection(header: header, finality: finality, entries: entries + more)
    }
}

/// A state key, what it is said to hold, and the path to a root.
public struct ProofEntry: Hashable, Sendable {
    /// Whose key.
    public let module: ModuleID
    /// The module's key.
    public let key: [UInt8]
    /// The value; nil claims that there is none.
    public let value: [UInt8]?
    /// The path from the key to the root.
    public let proof: StateProof

    /// Joins the parts without checking them.
    public init(module: ModuleID, key: [UInt8], value: [UInt8]?, proof: StateProof) {
        self.module = module
        self.key = key
        self.value = value
        self.proof = proof
    }
}

extension ProofSection: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(header)
        encoder.write(finality)
        encoder.writeList(entries)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        header = try decoder.read()
        finality = try decoder.read()
        entries = try decoder.readList(limit: Self.entriesMax)
        guard !entries.isEmpty else { throw .outOfRange("ProofSection.entries") }
    }
}

extension ProofEntry: CanonicalCodable {
    /// Appends the fields in order; the value behind a flag.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(module)
        encoder.writeBytes(key)
        encoder.write(value != nil)
        if let value { encoder.writeBytes(value) }
        encoder.write(proof)
    }

    /// Reads the fields in order, within the limits of keys and values.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        module = try decoder.read()
        key = try decoder.readBytes(limit: ExecutionContext.keyBytesMax)
        value =
            try decoder.readFlag()
            ? decoder.readBytes(limit: ExecutionContext.valueBytesMax) : nil
        proof = try decoder.read()
    }
}
