// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// What a vote says and a certificate proves (CONSENSUS-5).
public enum Statement: Hashable, Sendable {
    /// The block is the one this validator supports in the slot.
    case notar(Slot, Digest)
    /// The slot may pass without a block.
    case skip(Slot)
    /// The block was notarized and this validator did not and will not skip its slot.
    case final(Slot, Digest)

    /// The slot spoken of.
    public var slot: Slot {
        switch self {
        case .notar(let slot, _), .skip(let slot), .final(let slot, _): slot
        }
    }

    /// The block spoken of, if any.
    public var block: Digest? {
        switch self {
        case .notar(_, let block), .final(_, let block): block
        case .skip: nil
        }
    }

    /// Which of the three it is.
    public var kind: StatementKind {
        switch self {
        case .notar: .notar
        case .skip: .skip
        case .final: .final
        }
    }

    /// What is signed: the chain, the epoch, then the statement, under a tag of their own.
    public func signedBytes(chain: ChainID, epoch: Epoch) -> [UInt8] {
        var encoder = CanonicalEncoder(capacity: 104)
        encoder.writeFixed(Array("atoll/vote/1".utf8) + [0])
        encoder.write(chain)
        encoder.write(epoch)
        encoder.write(self)
        return encoder.bytes
    }

    /// Whether one honest validator never signs both (CONSENSUS-6, CONSENSUS-7).
    public func contradicts(_ other: Statement) -> Bool {
        guard slot == other.slot, self != other else { return false }
        return switch (kind, other.kind) {
        case (.notar, .notar), (.final, .final), (.skip, .final), (.final, .skip): true
        case (.notar, .skip), (.skip, .notar), (.notar, .final), (.final, .notar): false
        case (.skip, .skip): false
        }
    }
}

/// The three kinds of statement.
public enum StatementKind: UInt8, Sendable, CaseIterable {
    /// Support for a block.
    case notar
    /// Leave to pass without a block.
    case skip
    /// A promise not to skip.
    case final
}

extension Statement: CanonicalCodable {
    /// Appends the tag, the slot and the block if there is one.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeTag(UInt32(kind.rawValue))
        encoder.write(slot)
        if let block { encoder.write(block) }
    }

    /// Reads a statement.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        let slot = try decoder.read(Slot.self)
        switch tag {
        case 0: self = try .notar(slot, decoder.read())
        case 1: self = .skip(slot)
        case 2: self = try .final(slot, decoder.read())
        default: throw .unknownTag(tag)
        }
    }
}
