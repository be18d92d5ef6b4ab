// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What the module stores, under which keys. Numbers in keys are big-endian, so keys sort by them.
public enum ReputationKeys {
    /// 0: the ``ReputationWeights``.
    public static let weights: [UInt8] = [0]
    /// 1, provider: a ``Standing``.
    public static func standing(of provider: AccountID) -> [UInt8] {
        [standingPrefix] + provider.raw.bytes
    }
    /// 2, provider, number: an ``Evidence``.
    public static func evidence(of provider: AccountID, _ index: UInt64) -> [UInt8] {
        evidence(of: provider) + withUnsafeBytes(of: index.bigEndian) { Array($0) }
    }
    /// 2, provider: the prefix of a provider's evidence.
    public static func evidence(of provider: AccountID) -> [UInt8] {
        [evidencePrefix] + provider.raw.bytes
    }

    static let standingPrefix: UInt8 = 1
    static let evidencePrefix: UInt8 = 2
}

/// What a provider did with one lease; raw values are stable.
public enum EvidenceKind: UInt8, CaseIterable, Hashable, Sendable {
    /// It gave the accepted result and was paid.
    case completed = 0
    /// Its result contradicts a majority.
    case lied = 1
    /// It handed its lease back.
    case abandoned = 2
    /// It let its lease run out.
    case timedOut = 3
    /// It gave a result, but the results had no majority.
    case undetermined = 4
    /// The order ended through no fault of the provider.
    case interrupted = 5
}

/// One thing a provider did; it is never changed or removed.
public struct Evidence: Hashable, Sendable, CanonicalCodable {
    /// What it did.
    public let kind: EvidenceKind
    /// With which job.
    public let job: JobID
    /// In which block.
    public let height: BlockHeight
    /// When that block was.
    public let time: Timestamp

    /// Describes what happened.
    public init(kind: EvidenceKind, job: JobID, height: BlockHeight, time: Timestamp) {
        self.kind = kind
        self.job = job
        self.height = height
        self.time = time
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(kind.rawValue)
        encoder.write(job)
        encoder.write(height)
        encoder.write(time)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let raw = try decoder.read(UInt8.self)
        guard let kind = EvidenceKind(rawValue: raw) else { throw .unknownTag(UInt32(raw)) }
        self.kind = kind
        job = try decoder.read()
        height = try decoder.read()
        time = try decoder.read()
    }
}

/// How often a provider did what, and the score that follows.
public struct Standing: Hashable, Sendable {
    /// 0 to 1,000; 500 at the start (REPUTATION-3).
    public internal(set) var score: UInt32
    // In the order of EvidenceKind's raw values.
    private var counts: [UInt64]

    /// Nothing is known.
    public static let unknown = Standing(score: 500)

    private init(score: UInt32) {
        self.score = score
        counts = EvidenceKind.allCases.map { _ in 0 }
    }

    /// How often.
    public func count(of kind: EvidenceKind) -> UInt64 { counts[Int(kind.rawValue)] }

    /// How many pieces of evidence there are; the next one has this number.
    public var total: UInt64 { counts.reduce(0, +) }

    mutating func add(_ kind: EvidenceKind) { counts[Int(kind.rawValue)] += 1 }
}

extension Standing: CanonicalCodable {
    /// Appends the score, then the count of each kind.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(score)
        for count in counts { encoder.write(count) }
    }

    /// Reads the score, then the count of each kind.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        score = try decoder.read()
        guard score <= ReputationWeights.scoreMax else { throw .outOfRange("Standing") }
        var counts: [UInt64] = []
        var sum: UInt64 = 0
        for _ in EvidenceKind.allCases {
            let count = try decoder.read(UInt64.self)
            let (total, overflow) = sum.addingReportingOverflow(count)
            guard !overflow else { throw .outOfRange("Standing") }
            sum = total
            counts.append(count)
        }
        self.counts = counts
    }
}
