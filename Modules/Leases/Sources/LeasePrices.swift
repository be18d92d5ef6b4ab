// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a lease used in a stretch of time.
public struct UsageAmounts: Hashable, Sendable, CanonicalCodable {
    /// Milliseconds of processors.
    public var cpuMilliseconds: UInt64
    /// Bytes of memory times seconds; 10^9 are a gigabyte-second.
    public var memoryByteSeconds: UInt128
    /// Bytes of storage times seconds; 10^9 are a gigabyte-second.
    public var storageByteSeconds: UInt128
    /// Bytes that came in.
    public var bytesIn: UInt64
    /// Bytes that went out.
    public var bytesOut: UInt64
    /// Requests answered.
    public var requests: UInt64

    /// Nothing.
    public static let zero = UsageAmounts()

    /// Joins the fields.
    public init(
        cpuMilliseconds: UInt64 = 0, memoryByteSeconds: UInt128 = 0,
        storageByteSeconds: UInt128 = 0, bytesIn: UInt64 = 0, bytesOut: UInt64 = 0,
        requests: UInt64 = 0
    ) {
        self.cpuMilliseconds = cpuMilliseconds
        self.memoryByteSeconds = memoryByteSeconds
        self.storageByteSeconds = storageByteSeconds
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
        self.requests = requests
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(cpuMilliseconds)
        encoder.write(memoryByteSeconds)
        encoder.write(storageByteSeconds)
        encoder.write(bytesIn)
        encoder.write(bytesOut)
        encoder.write(requests)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        cpuMilliseconds = try decoder.read()
        memoryByteSeconds = try decoder.read()
        storageByteSeconds = try decoder.read()
        bytesIn = try decoder.read()
        bytesOut = try decoder.read()
        requests = try decoder.read()
    }
}

/// What a provider asks, in base units of the lease's asset.
public struct LeasePrices: Hashable, Sendable, CanonicalCodable {
    /// For holding what is leased, each period, used or not.
    public var base: Amount
    /// For a second of one core.
    public var coreSecond: Amount
    /// For a gigabyte (10^9 bytes) of memory in one second.
    public var memoryGigabyteSecond: Amount
    /// For a gigabyte of storage in one second.
    public var storageGigabyteSecond: Amount
    /// For a gigabyte that comes in.
    public var gigabyteIn: Amount
    /// For a gigabyte that goes out.
    public var gigabyteOut: Amount
    /// For a million requests.
    public var millionRequests: Amount

    /// Joins the fields.
    public init(
        base: Amount, coreSecond: Amount = .zero, memoryGigabyteSecond: Amount = .zero,
        storageGigabyteSecond: Amount = .zero, gigabyteIn: Amount = .zero,
        gigabyteOut: Amount = .zero, millionRequests: Amount = .zero
    ) {
        self.base = base
        self.coreSecond = coreSecond
        self.memoryGigabyteSecond = memoryGigabyteSecond
        self.storageGigabyteSecond = storageGigabyteSecond
        self.gigabyteIn = gigabyteIn
        self.gigabyteOut = gigabyteOut
        self.millionRequests = millionRequests
    }

    /// What a stretch of time and what was used in it cost (LEASES-10): the base for that part of
    /// a period, and each use at its price; each product is held in 256 bits and rounded down, and
    /// a sum above 128 bits is the largest amount.
    public func bill(
        for usage: UsageAmounts, in milliseconds: UInt64, period: UInt64
    ) -> Amount {
        let giga: UInt128 = 1_000_000_000
        let parts = [
            base.scaled(by: UInt128(milliseconds), over: UInt128(period)),
            coreSecond.scaled(by: UInt128(usage.cpuMilliseconds), over: 1_000),
            memoryGigabyteSecond.scaled(by: usage.memoryByteSeconds, over: giga),
            storageGigabyteSecond.scaled(by: usage.storageByteSeconds, over: giga),
            gigabyteIn.scaled(by: UInt128(usage.bytesIn), over: giga),
            gigabyteOut.scaled(by: UInt128(usage.bytesOut), over: giga),
            millionRequests.scaled(by: UInt128(usage.requests), over: 1_000_000),
        ]
        return parts.reduce(.zero) { $0.addingHeld($1 ?? Amount(.max)) }
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(base)
        encoder.write(coreSecond)
        encoder.write(memoryGigabyteSecond)
        encoder.write(storageGigabyteSecond)
        encoder.write(gigabyteIn)
        encoder.write(gigabyteOut)
        encoder.write(millionRequests)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        base = try decoder.read()
        coreSecond = try decoder.read()
        memoryGigabyteSecond = try decoder.read()
        storageGigabyteSecond = try decoder.read()
        gigabyteIn = try decoder.read()
        gigabyteOut = try decoder.read()
        millionRequests = try decoder.read()
    }
}

extension Amount {
    /// The sum, held at the largest amount.
    func addingHeld(_ other: Amount) -> Amount { adding(other) ?? Amount(.max) }

    /// What so much a period comes to in a stretch of time, rounded down; held at the largest.
    func accrued(in milliseconds: UInt64, period: UInt64) -> Amount {
        scaled(by: UInt128(milliseconds), over: UInt128(period)) ?? Amount(.max)
    }

    /// The same, rounded up.
    func accruedUp(in milliseconds: UInt64, period: UInt64) -> Amount {
        scaledUp(by: UInt128(milliseconds), over: UInt128(period)) ?? Amount(.max)
    }
}

extension Timestamp {
    /// How long after `start` this is; zero when it is before.
    func since(_ start: Timestamp) -> UInt64 { value > start.value ? value - start.value : 0 }

    /// So much before this; the beginning of time when there is not so much.
    func before(_ milliseconds: UInt64) -> Timestamp {
        Timestamp(value > milliseconds ? value - milliseconds : 0)
    }
}
