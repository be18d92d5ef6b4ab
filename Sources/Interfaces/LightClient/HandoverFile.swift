// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Consecutive handovers as a file that whoever trusts the set before the first can check
/// (LIGHT-16): the mark `ATOLLHO1`, then the list in canonical form.
public struct HandoverFile: Hashable, Sendable {
    /// The first eight bytes of every file.
    public static let mark: [UInt8] = Array("ATOLLHO1".utf8)
    /// The most handovers of one file: three weeks of epochs of half an hour.
    public static let handoversMax = 1_024
    /// The most bytes of a file: ``handoversMax`` times ``Handover/bytesMax``, 64 MiB.
    public static let bytesMax = handoversMax * Handover.bytesMax
    /// The most handovers of one page over HTTP: 64 of 64 KiB are 4 MiB.
    public static let pageMax = 64
    /// The media type over HTTP.
    public static let mediaType = "application/vnd.atoll.handovers"

    /// The handovers, each of the epoch after the one before.
    public let handovers: [Handover]

    /// Takes handovers.
    ///
    /// - Returns: Nothing when there are too many, or they do not follow each other.
    public init?(_ handovers: [Handover]) {
        guard handovers.count <= Self.handoversMax,
            zip(handovers, handovers.dropFirst()).allSatisfy({
                $1.epoch.value > 0 && $1.epoch == $0.epoch.advanced(by: 1)
            })
        else { return nil }
        self.handovers = handovers
    }

    /// The file's bytes.
    public var bytes: [UInt8] { Self.mark + canonicalBytes }

    /// Reads a file; nothing in it is believed before a ``ValidatorTrail`` has taken it.
    ///
    /// - Throws: ``TrailFileFailure``.
    public init(bytes: [UInt8]) throws(TrailFileFailure) {
        guard bytes.count <= Self.bytesMax else { throw .tooLarge(bytes.count) }
        guard bytes.starts(with: Self.mark) else { throw .notATrail }
        do {
            try self.init(canonicalBytes: Array(bytes.dropFirst(Self.mark.count)))
        } catch {
            throw .damaged(error)
        }
    }
}

extension HandoverFile: CanonicalCodable {
    /// Appends the list.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(handovers) }

    /// Reads the list.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let read = try decoder.readList(Handover.self, limit: Self.handoversMax)
        guard let file = HandoverFile(read) else { throw .outOfRange("HandoverFile") }
        self = file
    }
}

/// Why bytes hold no handovers and no trail.
public enum TrailFileFailure: Error, Equatable, Sendable {
    /// It does not begin with the mark.
    case notATrail
    /// It is above the limit.
    case tooLarge(Int)
    /// The fields do not read.
    case damaged(CanonicalError)
    /// It is of another chain than the genesis begins.
    case otherChain(ChainID)
    /// It begins with other validators than the genesis names.
    case otherFounders
}
