// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What the state of a chain holds under some keys, as a file that the genesis alone can check
/// (specs/light-client.md LIGHT-10).
///
/// The bytes are the mark `ATOLLPF1`, then the sections in canonical form. A file of one value of
/// a chain of 100 equal validators has about 5.4 KB.
public struct ProofFile: Hashable, Sendable {
    /// The first eight bytes of every file.
    public static let mark: [UInt8] = Array("ATOLLPF1".utf8)
    /// The most bytes of a file: a value of 64 KiB, a proof of 8.3 KiB, and a header whose
    /// finality shows in 4,096 descendants of 200 bytes and 128 signatures, are below 1 MiB.
    public static let bytesMax = 1 << 20
    /// The most sections: an account's balance and nonce need two, when a block came between.
    public static let sectionsMax = 8
    /// The media type over HTTP.
    public static let mediaType = "application/vnd.atoll.proof"

    /// The certified headers with what is proven under each; at least one.
    public let sections: [ProofSection]

    /// Joins sections without checking them; those of one header become one.
    ///
    /// - Returns: Nothing when there is no section, or more than ``sectionsMax`` remain.
    public init?(_ sections: [ProofSection]) {
        var joined: [ProofSection] = []
        for section in sections {
            if let place = joined.firstIndex(where: { $0.header == section.header }),
                let both = joined[place].adding(section.entries)
            {
                joined[place] = both
            } else {
                joined.append(section)
            }
        }
        guard (1...Self.sectionsMax).contains(joined.count) else { return nil }
        self.sections = joined
    }

    /// The file's bytes.
    public var bytes: [UInt8] { Self.mark + canonicalBytes }

    /// Reads a file; nothing in it is believed before ``LightVerifier/verify(_:)-(ProofFile)``.
    ///
    /// - Throws: ``ProofFileFailure``.
    public init(bytes: [UInt8]) throws(ProofFileFailure) {
        guard bytes.count <= Self.bytesMax else { throw .tooLarge(bytes.count) }
        guard bytes.starts(with: Self.mark) else { throw .notAProof }
        do {
            try self.init(canonicalBytes: Array(bytes.dropFirst(Self.mark.count)))
        } catch {
            throw .damaged(error)
        }
    }
}

/// Why bytes are no proof file.
public enum ProofFileFailure: Error, Equatable, Sendable {
    /// It does not begin with the mark.
    case notAProof
    /// It is above the limit.
    case tooLarge(Int)
    /// The fields do not read.
    case damaged(CanonicalError)
}

extension ProofFile: CanonicalCodable {
    /// Appends the list of sections.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(sections) }

    /// Reads the list in the one form that ``init(_:)`` makes.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let read = try decoder.readList(ProofSection.self, limit: Self.sectionsMax)
        guard let file = ProofFile(read), file.sections == read else {
            throw .outOfRange("ProofFile.sections")
        }
        self = file
    }
}
