// SPDX-License-Identifier: Apache-2.0
public import Consensus
public import Market
public import StateTree
public import Vocabulary

/// A receipt as a file: what the ledger holds about a finished job, and everything needed to check
/// it with nothing but the genesis file (specs/receipt.md RECEIPT-1).
///
/// The bytes are the mark `ATOLLRC1`, then the fields in canonical form.
public struct ReceiptFile: Sendable {
    /// The first eight bytes of every file.
    public static let mark: [UInt8] = Array("ATOLLRC1".utf8)
    /// The most bytes of a file: a receipt of 8 KiB, a proof of 8.3 KiB, a header of 200 bytes and
    /// a finality proof; 4,096 descendants of 200 bytes and 128 signatures stay below 1 MiB.
    public static let bytesMax = 1 << 20
    /// The media type over HTTP.
    public static let mediaType = "application/vnd.atoll.receipt"

    /// What the market wrote.
    public let receipt: Receipt
    /// The path from the receipt's state key to the root in ``header``.
    public let proof: StateProof
    /// The block header that carries the root.
    public let header: BlockHeader
    /// Why that header is final: the signatures of a quorum.
    public let finality: FinalityProof

    /// Joins the parts without checking them.
    public init(receipt: Receipt, proof: StateProof, header: BlockHeader, finality: FinalityProof) {
        self.receipt = receipt
        self.proof = proof
        self.header = header
        self.finality = finality
    }

    /// The SHA-256 of the receipt's canonical bytes: the receipt's id.
    public var id: Digest { receipt.digest(domain: "atoll/receipt/1") }

    /// The file's bytes.
    public var bytes: [UInt8] { Self.mark + canonicalBytes }

    /// Reads a file.
    ///
    /// - Throws: ``ReceiptFileFailure``.
    public init(bytes: [UInt8]) throws(ReceiptFileFailure) {
        guard bytes.count <= Self.bytesMax else { throw .tooLarge(bytes.count) }
        guard bytes.starts(with: Self.mark) else { throw .notAReceipt }
        do {
            try self.init(canonicalBytes: Array(bytes.dropFirst(Self.mark.count)))
        } catch {
            throw .damaged(error)
        }
    }
}

/// Why bytes are no receipt file.
public enum ReceiptFileFailure: Error, Equatable, Sendable {
    /// It does not begin with the mark.
    case notAReceipt
    /// It is above the limit.
    case tooLarge(Int)
    /// The fields do not read.
    case damaged(CanonicalError)
}

extension ReceiptFile: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(receipt)
        encoder.write(proof)
        encoder.write(header)
        encoder.write(finality)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        receipt = try decoder.read()
        proof = try decoder.read()
        header = try decoder.read()
        finality = try decoder.read()
    }
}
