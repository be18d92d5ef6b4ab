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

/// A block, the proof that it is final, and the batches it orders: one record of the block log.
///
/// A block that has just become final has no batches yet: the lanes give them (LANES-13). A peer
/// may hand on a block without them when they are too long for a message; they are then fetched.
public struct FinalizedBlock: CanonicalCodable, Hashable {
    /// What is final.
    public let block: Block
    /// Why.
    public let proof: FinalityProof
    /// The batches that the block executes, in that order.
    public let batches: [Batch]
    /// Batches that show why the block closes a lane; they are not executed.
    public let forked: [Batch]

    /// The most batches of one block: a whole window of each lane.
    public static let batchesMax = ValidatorSet.validatorsMax * Int(LaneLimits.windowMax)

    /// Joins the parts without checking them.
    public init(
        block: Block, proof: FinalityProof, batches: [Batch] = [], forked: [Batch] = []
    ) {
        self.block = block
        self.proof = proof
        self.batches = batches
        self.forked = forked
    }

    /// The block and its proof alone.
    public var bare: FinalizedBlock { FinalizedBlock(block: block, proof: proof) }

    /// Checks the proof.
    ///
    /// - Parameter validators: Those of the block's epoch.
    /// - Throws: ``FinalityError`` naming the first fault.
    public func verify(validators: ValidatorSet, chain: ChainID) throws(FinalityError) {
        try proof.verify(block.header, validators: validators, chain: chain)
    }

    /// Appends the block, the proof, the batches and those of closed lanes.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(block)
        encoder.write(proof)
        encoder.writeList(batches)
        encoder.writeList(forked)
    }

    /// Reads a finalized block without checking the proof or the batches.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        block = try decoder.read()
        proof = try decoder.read()
        batches = try decoder.readList(limit: Self.batchesMax)
        forked = try decoder.readList(limit: Self.batchesMax)
    }
}
