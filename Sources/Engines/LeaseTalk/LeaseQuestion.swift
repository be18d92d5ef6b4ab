// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a party of a lease asks of its provider (TALK-3).
public enum LeaseQuestion: Hashable, Sendable {
    /// The tenant gives what is to run: the manifest, what only the provider may know, and the key
    /// of its volumes' snapshots.
    case deliver(manifest: [UInt8], secrets: [UInt8], volumeKey: Bytes32)
    /// What has been counted since the last receipt that both signed.
    case receipt
    /// The tenant signs a receipt.
    case cosign(receipt: [UInt8], signature: Signature)
    /// What runs, and where it is reached.
    case status
    /// Output of a copy after a moment, oldest first.
    case output(service: String, copy: UInt32, after: Timestamp)
    /// Runs a program beside a copy's own and gives its end.
    case execute(service: String, copy: UInt32, words: [String], input: [UInt8])
    /// A standby asks for the newest snapshot of the volumes, if it is newer than one it knows.
    case snapshot(after: UInt64)
    /// A standby asks for chunks of a snapshot.
    case chunks([Bytes32])
    /// A standby says which snapshot it has whole.
    case hold(sequence: UInt64)

    /// Who may ask it.
    public enum Party: Hashable, Sendable {
        /// The tenant's account.
        case tenant
        /// The key that signs receipts for the tenant, or the tenant.
        case cosigner
        /// One who stands by.
        case standby
    }

    /// Who may ask this.
    public var party: Party {
        switch self {
        case .deliver, .output, .execute: .tenant
        case .receipt, .cosign, .status: .cosigner
        case .snapshot, .chunks, .hold: .standby
        }
    }
}

extension LeaseQuestion: CanonicalCodable {
    /// Appends a tag and what belongs to it.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .deliver(let manifest, let secrets, let volumeKey):
            encoder.writeTag(0)
            encoder.writeBytes(manifest)
            encoder.writeBytes(secrets)
            encoder.write(volumeKey)
        case .receipt: encoder.writeTag(1)
        case .cosign(let receipt, let signature):
            encoder.writeTag(2)
            encoder.writeBytes(receipt)
            encoder.write(signature)
        case .status: encoder.writeTag(3)
        case .output(let service, let copy, let after):
            encoder.writeTag(4)
            encoder.writeText(service)
            encoder.write(copy)
            encoder.write(after)
        case .execute(let service, let copy, let words, let input):
            encoder.writeTag(5)
            encoder.writeText(service)
            encoder.write(copy)
            encoder.writeLength(words.count)
            for word in words { encoder.writeText(word) }
            encoder.writeBytes(input)
        case .snapshot(let after):
            encoder.writeTag(6)
            encoder.write(after)
        case .chunks(let ids):
            encoder.writeTag(7)
            encoder.writeList(ids)
        case .hold(let sequence):
            encoder.writeTag(8)
            encoder.write(sequence)
        }
    }

    /// Reads a tag and what belongs to it.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        switch try decoder.readTag() {
        case 0:
            self = .deliver(
                manifest: try decoder.readBytes(limit: LeaseTalkLimits.manifestBytesMax),
                secrets: try decoder.readBytes(limit: LeaseTalkLimits.secretsBytesMax),
                volumeKey: try decoder.read())
        case 1: self = .receipt
        case 2:
            self = .cosign(
                receipt: try decoder.readBytes(limit: LeaseTalkLimits.wordBytesMax),
                signature: try decoder.read())
        case 3: self = .status
        case 4:
            self = .output(
                service: try decoder.readWord(), copy: try decoder.read(),
                after: try decoder.read())
        case 5:
            self = .execute(
                service: try decoder.readWord(), copy: try decoder.read(),
                words: try decoder.readWords(),
                input: try decoder.readBytes(limit: LeaseTalkLimits.inputBytesMax))
        case 6: self = .snapshot(after: try decoder.read())
        case 7: self = .chunks(try decoder.readList(limit: LeaseTalkLimits.chunksMax))
        case 8: self = .hold(sequence: try decoder.read())
        case let tag: throw .unknownTag(tag)
        }
    }
}

extension CanonicalDecoder {
    mutating func readWord() throws(CanonicalError) -> String {
        try readText(limit: LeaseTalkLimits.wordBytesMax)
    }

    fileprivate mutating func readWords() throws(CanonicalError) -> [String] {
        let count = try readLength(limit: LeaseTalkLimits.wordsMax)
        var words: [String] = []
        for _ in 0..<count { words.append(try readWord()) }
        return words
    }
}
