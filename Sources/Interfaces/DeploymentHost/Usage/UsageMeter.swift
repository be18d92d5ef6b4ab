// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a lease has used in all, from samples of counters that begin anew with each container
/// (HOST-7).
///
/// Nothing is estimated upwards: what a container used between its last sample and its end is not
/// counted, nor is memory over a gap longer than ``gapMillisecondsMax``.
public struct UsageMeter: Hashable, Sendable {
    /// Sums since the lease began.
    public struct Totals: Hashable, Sendable {
        /// Milliseconds of processors.
        public var processorMilliseconds: UInt64 = 0
        /// Mebibytes of memory times seconds.
        public var memoryMebibyteSeconds: UInt64 = 0
        /// Bytes that came.
        public var receivedBytes: UInt64 = 0
        /// Bytes that went.
        public var sentBytes: UInt64 = 0

        /// Nothing.
        public init() {}
    }

    /// One minute: a meter that looked away for longer does not guess what memory was held.
    public static let gapMillisecondsMax: UInt64 = 60_000

    /// Parts of a unit that are not a whole one yet.
    private var nanoseconds: UInt64 = 0
    private var byteMilliseconds: UInt64 = 0
    private var last: [String: UsageSample] = [:]
    private var lastMilliseconds: UInt64?
    /// Sums since the lease began.
    public private(set) var totals = Totals()

    /// One mebibyte for one second.
    private static let byteMillisecondsOfUnit: UInt64 = 1_048_576_000

    /// A meter that goes on from what was counted before.
    public init(_ totals: Totals = Totals()) { self.totals = totals }

    /// Adds what was used since the samples before; a container that is not in them any more has
    /// ended.
    mutating func take(_ samples: [String: UsageSample], at milliseconds: UInt64) {
        let before = lastMilliseconds ?? milliseconds
        let passed = milliseconds >= before ? milliseconds - before : 0
        for (id, sample) in samples.sorted(by: { $0.key < $1.key }) {
            let old = last[id]
            add(sample, since: old)
            if old != nil, passed <= Self.gapMillisecondsMax {
                addMemory(sample.memoryBytes, for: passed)
            }
        }
        last = samples
        lastMilliseconds = milliseconds
    }

    /// A counter that is lower than before began anew.
    private static func growth(_ now: UInt64, since before: UInt64?) -> UInt64 {
        guard let before, now >= before else { return now }
        return now - before
    }

    private mutating func add(_ sample: UsageSample, since old: UsageSample?) {
        nanoseconds &+= Self.growth(sample.processorNanoseconds, since: old?.processorNanoseconds)
        totals.processorMilliseconds &+= nanoseconds / 1_000_000
        nanoseconds %= 1_000_000
        totals.receivedBytes &+= Self.growth(sample.receivedBytes, since: old?.receivedBytes)
        totals.sentBytes &+= Self.growth(sample.sentBytes, since: old?.sentBytes)
    }

    /// Bytes up to 2^47 for a minute fit 64 bits.
    private mutating func addMemory(_ bytes: UInt64, for milliseconds: UInt64) {
        byteMilliseconds &+= min(bytes, 1 << 47) &* milliseconds
        totals.memoryMebibyteSeconds &+= byteMilliseconds / Self.byteMillisecondsOfUnit
        byteMilliseconds %= Self.byteMillisecondsOfUnit
    }
}

extension UsageMeter.Totals: CanonicalCodable {
    /// Appends the fields in the order of their declaration.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(processorMilliseconds)
        encoder.write(memoryMebibyteSeconds)
        encoder.write(receivedBytes)
        encoder.write(sentBytes)
    }

    /// Reads the fields in the order of their declaration.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        processorMilliseconds = try decoder.read()
        memoryMebibyteSeconds = try decoder.read()
        receivedBytes = try decoder.read()
        sentBytes = try decoder.read()
    }
}
