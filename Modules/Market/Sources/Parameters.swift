// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// The figures of the market's law; fixed at genesis in this form (README.md, Parameters).
public struct MarketParameters: Hashable, Sendable, CanonicalCodable {
    /// The most fuel an order may allow one execution.
    public var fuelMax = Fuel(1_000_000_000_000)
    /// The most bytes of memory: 4 GiB less one page, all that 32-bit WebAssembly can address.
    public var memoryBytesMax: UInt64 = (4 << 30) - 65_536
    /// The most bytes of output: 64 MiB.
    public var outputBytesMax: UInt64 = 64 << 20
    /// The longest an execution may take: an hour.
    public var wallMillisecondsMax: UInt64 = 3_600_000
    /// How far away a deadline may lie: a day.
    public var lifeMillisecondsMax: UInt64 = 86_400_000
    /// The least an order must offer for each replica, in base units of its asset.
    public var executionPriceMin = Amount(1)
    /// What a lease adds to the wall clock for fetching blobs and for the ledger itself.
    public var graceMilliseconds: UInt64 = 10_000
    /// How long providers have to show their results once all are committed.
    public var revealMilliseconds: UInt64 = 10_000
    /// The most bids that may wait on one order.
    public var bidsMax: UInt32 = 16
    /// The most executions one order may come to.
    public var executionsMax: UInt8 = 5
    /// What a proven wrong result costs, in parts per million of the bond.
    public var lieSlashPartsPerMillion: UInt32 = 500_000
    /// What a lease that ran out costs, in parts per million of the bond.
    public var timeoutSlashPartsPerMillion: UInt32 = 10_000
    /// The most an extra execution gets out of slashed bonds when the order's asset is not the
    /// bonds' asset, in base units of the native asset.
    public var extraExecutionReward = Amount(whole: 1)
    /// Who receives what is left of slashed bonds; nobody means it is burnt.
    public var treasury: AccountID?
    /// The most due orders one block handles; the rest wait for the next.
    public var duePerBlockMax: UInt32 = 256
    /// The most changed orders one block matches; the rest wait for the next.
    public var matchesPerBlockMax: UInt32 = 1_024

    /// The figures above.
    public static let standard = MarketParameters()

    /// One million: all of a bond.
    public static let partsMax: UInt32 = 1_000_000

    /// The default figures.
    public init() {}

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(fuelMax)
        encoder.write(memoryBytesMax)
        encoder.write(outputBytesMax)
        encoder.write(wallMillisecondsMax)
        encoder.write(lifeMillisecondsMax)
        encoder.write(executionPriceMin)
        encoder.write(graceMilliseconds)
        encoder.write(revealMilliseconds)
        encoder.write(bidsMax)
        encoder.write(executionsMax)
        encoder.write(lieSlashPartsPerMillion)
        encoder.write(timeoutSlashPartsPerMillion)
        encoder.write(extraExecutionReward)
        encoder.writeOptional(treasury)
        encoder.write(duePerBlockMax)
        encoder.write(matchesPerBlockMax)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        fuelMax = try decoder.read()
        memoryBytesMax = try decoder.read()
        outputBytesMax = try decoder.read()
        wallMillisecondsMax = try decoder.read()
        lifeMillisecondsMax = try decoder.read()
        executionPriceMin = try decoder.read()
        graceMilliseconds = try decoder.read()
        revealMilliseconds = try decoder.read()
        bidsMax = try decoder.read()
        executionsMax = try decoder.read()
        lieSlashPartsPerMillion = try decoder.read()
        timeoutSlashPartsPerMillion = try decoder.read()
        extraExecutionReward = try decoder.read()
        treasury = try decoder.readOptional()
        duePerBlockMax = try decoder.read()
        matchesPerBlockMax = try decoder.read()
    }
}
