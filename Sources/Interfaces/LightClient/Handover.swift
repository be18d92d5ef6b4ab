// SPDX-License-Identifier: Apache-2.0
public import Consensus
import Ledger
public import StateTree
public import Validators
public import Vocabulary

/// How one epoch names the validators of the next: a header that carries the state of the epoch's
/// cut, why it is final, and that state's set (LIGHT-13).
///
/// With 100 equal validators it has about 10 KB: 67 signatures, 100 keys with weights, one path.
public struct Handover: Hashable, Sendable {
    /// The most bytes: a header of 240, a certificate of 128 signatures of 64, a set of 128 seats
    /// of 48, a path of 8.3 KiB, and 128 headers between block and certificate are below 55 KiB.
    public static let bytesMax = 65_536
    /// The most headers between the header and the certificate; the shortest form has few.
    public static let descendantsMax = 128

    /// The header, of the epoch that ends.
    public let header: BlockHeader
    /// Why it is final: the signatures of the epoch's own validators.
    public let finality: FinalityProof
    /// What the state of the cut holds under ``ValidatorsKeys/nextSet``.
    public let next: NextSet
    /// The path from that key to the header's state root.
    public let proof: StateProof

    /// Joins the parts without checking them.
    public init(header: BlockHeader, finality: FinalityProof, next: NextSet, proof: StateProof) {
        self.header = header
        self.finality = finality
        self.next = next
        self.proof = proof
    }

    /// Joins the parts in the shortest form, without checking them: any header of the epoch that
    /// carries the state of the cut serves, so the one nearest to the certificate is taken.
    ///
    /// - Parameters:
    ///   - header: The last block's of its epoch.
    ///   - value: What the state holds under ``ValidatorsKeys/nextSet``.
    /// - Returns: Nothing when the value is no set, or too many headers remain.
    public init?(
        shortest header: BlockHeader, _ finality: FinalityProof, value: [UInt8], proof: StateProof
    ) {
        guard let next = try? NextSet(canonicalBytes: value) else { return nil }
        let nearest = finality.descendants.lastIndex {
            $0.epoch == header.epoch && $0.stateHeight == header.stateHeight
        }
        let rest = nearest.map { finality.descendants.dropFirst($0 + 1) }
        let kept = rest.map(Array.init) ?? finality.descendants
        guard kept.count <= Self.descendantsMax else { return nil }
        self.init(
            header: nearest.map { finality.descendants[$0] } ?? header,
            finality: FinalityProof(certificate: finality.certificate, descendants: kept),
            next: next, proof: proof)
    }

    /// The epoch that ends.
    public var epoch: Epoch { header.epoch }
}

extension Handover: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(header)
        encoder.write(finality)
        encoder.write(next)
        encoder.write(proof)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        header = try decoder.read()
        finality = try decoder.read()
        guard finality.descendants.count <= Self.descendantsMax else {
            throw .tooLong(length: finality.descendants.count, limit: Self.descendantsMax)
        }
        next = try decoder.read()
        proof = try decoder.read()
    }
}
