// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Vocabulary

/// Why a proposal may stand on its parent: certificates, so that no voter has to ask (CONSENSUS-9).
public struct Justification: CanonicalCodable, Hashable {
    /// The most skip certificates that travel along: 16 windows; older ones are asked for.
    public static let skipsMax = 64

    /// A notarization or final certificate of the parent; none when that is the genesis or the
    /// last block of the epoch before.
    public let parent: Certificate?
    /// Skip certificates of slots between the parent and the proposal, oldest first.
    public let skips: [Certificate]

    /// Joins the parts without checking them.
    public init(parent: Certificate?, skips: [Certificate] = []) {
        self.parent = parent
        self.skips = skips
    }

    /// Appends the parent's certificate, then the skips.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeOptional(parent)
        encoder.writeList(skips)
    }

    /// Reads a justification.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        parent = try decoder.readOptional()
        skips = try decoder.readList(limit: Self.skipsMax)
    }
}

/// A leader's block for its slot.
public struct Proposal: CanonicalCodable, Hashable {
    /// What is proposed.
    public let block: Block
    /// The leader's signature over ``BlockHeader/proposalBytes``.
    public let signature: Signature
    /// Why the parent may be built upon.
    public let justification: Justification

    /// Joins the parts without checking them.
    public init(block: Block, signature: Signature, justification: Justification) {
        self.block = block
        self.signature = signature
        self.justification = justification
    }

    /// Signs a block.
    public init(_ block: Block, by key: SigningKey, justification: Justification) {
        self.init(
            block: block, signature: key.sign(block.header.proposalBytes),
            justification: justification)
    }

    /// The header with its signature, as evidence holds it.
    public var signedHeader: SignedHeader {
        SignedHeader(header: block.header, signature: signature)
    }

    /// Whether the justification speaks of this block's parent and of slots in between only.
    ///
    /// - Parameter firstSlot: Of the epoch. What it begins on, the last block of the epoch before
    ///   or the genesis, needs no certificate: who is in the epoch holds that block as final.
    func isConsistent(from firstSlot: Slot) -> Bool {
        let header = block.header
        guard header.isPlausible else { return false }
        switch justification.parent?.statement {
        case .notar(header.parentSlot, header.parent), .final(header.parentSlot, header.parent):
            guard header.parentSlot >= firstSlot else { return false }
        case nil:
            guard header.parentSlot < firstSlot else { return false }
        case .notar, .final, .skip:
            return false
        }
        return justification.skips.allSatisfy {
            $0.statement.kind == .skip && $0.statement.slot > header.parentSlot
                && $0.statement.slot < header.slot
        }
    }

    /// Appends the block, the signature and the justification.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(block)
        encoder.write(signature)
        encoder.write(justification)
    }

    /// Reads a proposal without checking signatures.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        block = try decoder.read()
        signature = try decoder.read()
        justification = try decoder.read()
    }
}
