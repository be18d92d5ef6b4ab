// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Why a header is not shown to be final.
public enum FinalityError: Error, Equatable, Sendable {
    /// The header or a descendant belongs to another chain.
    case otherChain
    /// The descendant at this place does not name the header before it as its parent.
    case brokenLink(Int)
    /// The descendant at this place, or the certificate after the last, is of another epoch.
    case otherEpoch(Int)
    /// The certificate is not a final certificate of the last header.
    case otherBlock
    /// The certificate itself is faulty.
    case certificate(CertificateError)
}

/// What shows offline that a block is final: a certificate and the way to it (CONSENSUS-13).
///
/// A final certificate of a block makes its ancestors final. Most blocks have their own, and
/// then ``descendants`` is empty.
public struct FinalityProof: CanonicalCodable, Hashable {
    /// The most headers between a block and the certificate: no more slots can be undecided.
    public static let descendantsMax = Int(ConsensusLimits.undecidedSlotsMax)

    /// The headers from the child of the proven block to the block of the certificate.
    public let descendants: [BlockHeader]
    /// The final certificate of the last descendant, or of the block itself.
    public let certificate: Certificate

    /// Joins the parts without checking them.
    public init(certificate: Certificate, descendants: [BlockHeader] = []) {
        self.certificate = certificate
        self.descendants = descendants
    }

    /// Checks that `header` is final on `chain`.
    ///
    /// - Parameter validators: Those of the header's epoch; a proof never leaves it (CONSENSUS-26).
    /// - Throws: ``FinalityError`` naming the first fault.
    public func verify(
        _ header: BlockHeader, validators: ValidatorSet, chain: ChainID
    ) throws(FinalityError) {
        try verifyLinks(from: header, chain: chain)
        do {
            try certificate.verify(validators: validators, chain: chain)
        } catch { throw .certificate(error) }
    }

    /// Checks all but the signatures, for a certificate already held or checked elsewhere.
    ///
    /// - Throws: ``FinalityError`` naming the first fault.
    public func verifyLinks(from header: BlockHeader, chain: ChainID) throws(FinalityError) {
        var last = header
        guard header.chain == chain else { throw .otherChain }
        for (index, next) in descendants.enumerated() {
            guard next.chain == chain else { throw .otherChain }
            guard next.epoch == header.epoch else { throw .otherEpoch(index) }
            guard next.parent == last.hash, next.parentSlot == last.slot, next.slot > last.slot,
                next.height == last.height.advanced(by: 1)
            else { throw .brokenLink(index) }
            last = next
        }
        guard certificate.epoch == header.epoch else { throw .otherEpoch(descendants.count) }
        guard certificate.statement == .final(last.slot, last.hash) else { throw .otherBlock }
    }

    /// Appends the descendants, then the certificate.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeList(descendants)
        encoder.write(certificate)
    }

    /// Reads a proof.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        descendants = try decoder.readList(limit: Self.descendantsMax)
        certificate = try decoder.read()
    }
}

/// A block and the proof that it is final: one record of the block log.
public struct FinalizedBlock: CanonicalCodable, Hashable {
    /// What is final.
    public let block: Block
    /// Why.
    public let proof: FinalityProof

    /// Joins the parts without checking them.
    public init(block: Block, proof: FinalityProof) {
        self.block = block
        self.proof = proof
    }

    /// Checks the proof.
    ///
    /// - Parameter validators: Those of the block's epoch.
    /// - Throws: ``FinalityError`` naming the first fault.
    public func verify(validators: ValidatorSet, chain: ChainID) throws(FinalityError) {
        try proof.verify(block.header, validators: validators, chain: chain)
    }

    /// Appends the block, then the proof.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(block)
        encoder.write(proof)
    }

    /// Reads a finalized block without checking the proof.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        block = try decoder.read()
        proof = try decoder.read()
    }
}
