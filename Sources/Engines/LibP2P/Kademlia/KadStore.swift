// SPDX-License-Identifier: Apache-2.0

/// Values and providers that this node holds for others, each until its time.
///
/// Memory: ``valueBytesMax`` of values, and ``providersMax`` providers of about 128 bytes, 8 MiB.
/// Source: LIBP-45.
public struct KadStore: Sendable {
    /// The most bytes of values: 64 MiB.
    public static let valueBytesMax = 67_108_864
    /// The most values.
    public static let valuesMax = 16_384
    /// The most providers of all keys.
    public static let providersMax = 65_536
    /// The most providers of one key; the one heard of longest ago goes first.
    public static let providersOfKeyMax = 64
    /// How long a value is kept after it was put, in milliseconds: 48 hours.
    public static let valueMilliseconds: UInt64 = 172_800_000
    /// How long a provider is kept after it was told: 48 hours.
    public static let providerMilliseconds: UInt64 = 172_800_000

    private struct Kept {
        let value: [UInt8]
        let at: UInt64
    }

    private var values: [[UInt8]: Kept] = [:]
    private var bytes = 0
    private var providers: [[UInt8]: [PeerID: UInt64]] = [:]
    private var providerCount = 0

    /// An empty store.
    public init() {}

    /// How many values there are.
    public var valueCount: Int { values.count }

    /// A value that is not too old.
    public func value(_ key: [UInt8], now: UInt64) -> [UInt8]? {
        guard let kept = values[key], kept.at + Self.valueMilliseconds > now else { return nil }
        return kept.value
    }

    /// Keeps a value in place of the one before it.
    ///
    /// - Returns: Whether there was room.
    public mutating func put(_ key: [UInt8], _ value: [UInt8], now: UInt64) -> Bool {
        let before = values[key]?.value.count ?? 0
        guard values[key] != nil || values.count < Self.valuesMax,
            bytes - before + value.count <= Self.valueBytesMax
        else { return false }
        bytes += value.count - before
        values[key] = Kept(value: value, at: now)
        return true
    }

    /// Those that say they provide a key, in the order of their names.
    public func providers(of key: [UInt8], now: UInt64) -> [PeerID] {
        (providers[key] ?? [:]).filter { $0.value + Self.providerMilliseconds > now }
            .keys.sorted()
    }

    /// Notes that a peer provides a key.
    public mutating func addProvider(_ peer: PeerID, of key: [UInt8], now: UInt64) {
        var known = providers[key] ?? [:]
        let before = known.count
        if known[peer] == nil {
            guard providerCount < Self.providersMax else { return }
            if before >= Self.providersOfKeyMax,
                let oldest = known.min(by: { ($0.value, $0.key) < ($1.value, $1.key) })
            {
                known[oldest.key] = nil
            }
        }
        known[peer] = now
        providers[key] = known
        providerCount += known.count - before
    }

    /// Forgets what is too old.
    public mutating func expire(now: UInt64) {
        values = values.filter { $0.value.at + Self.valueMilliseconds > now }
        bytes = values.values.reduce(0) { $0 + $1.value.count }
        providers = providers.compactMapValues { known in
            let kept = known.filter { $0.value + Self.providerMilliseconds > now }
            return kept.isEmpty ? nil : kept
        }
        providerCount = providers.values.reduce(0) { $0 + $1.count }
    }
}
