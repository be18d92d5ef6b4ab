// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be read of pools and windows. It needs the state alone, so readers need no bank.
public struct ExchangeQueries {
    let state: any StateReader

    /// Reads a state, finished or under way.
    public init(_ state: any StateReader) { self.state = state }

    /// The figures that hold.
    public var parameters: ExchangeParameters {
        Self.decoded(state.value(.exchange, ExchangeKeys.parameters)) ?? .standard
    }

    /// A pool.
    public func pool(_ number: UInt64) -> LiquidityPool? {
        Self.decoded(state.value(.exchange, ExchangeKeys.pool(number)))
    }

    /// Pools by number, after `after`; at most `limit`.
    public func pools(
        after: UInt64? = nil, limit: Int = 100
    ) -> [(number: UInt64, pool: LiquidityPool)] {
        state.scan(
            .exchange, prefix: [ExchangeKeys.poolPrefix], after: after.map(ExchangeKeys.pool),
            limit: limit
        ).compactMap { pair in
            Self.decoded(pair.value).map { (ExchangeKeys.number(in: pair.key, at: 1), $0) }
        }
    }

    /// The number of the pool that trades two assets for a fee; the order does not matter.
    public func number(of one: AssetID, _ other: AssetID, fee: UInt64) -> UInt64? {
        let key = ExchangeKeys.pair(min(one, other), max(one, other), fee: fee)
        return state.value(.exchange, key).map { $0.reduce(0) { $0 << 8 | UInt64($1) } }
    }

    /// What an account locked of a pool's shares.
    public func lock(of account: AccountID, in pool: UInt64) -> LiquidityLock? {
        Self.decoded(state.value(.exchange, ExchangeKeys.lock(pool, account)))
    }

    /// A role's window as it was left; ``window(_:at:supply:)`` says what holds at a time.
    func stored(_ asset: AssetID) -> RoleWindow? {
        Self.decoded(state.value(.exchange, ExchangeKeys.window(asset)))
    }

    /// A role's window at a time, when so much of the asset exists.
    public func window(
        _ asset: AssetID, at time: Timestamp, supply: Amount
    ) -> RoleWindow? {
        guard var window = stored(asset) else { return nil }
        window.enter(time, period: parameters.periodMilliseconds, supply: supply)
        return window
    }

    /// The assets that have a window, ascending; at most `limit`.
    public func windows(limit: Int = 100) -> [AssetID] {
        state.scan(
            .exchange, prefix: [ExchangeKeys.windowPrefix], after: nil, limit: limit
        ).map { AssetID(ExchangeKeys.number(in: $0.key, at: 1)) }
    }

    /// What conversions may pay at a time.
    public func emission(at time: Timestamp) -> Emission? {
        guard var emission: Emission = Self.decoded(state.value(.exchange, ExchangeKeys.emission))
        else { return nil }
        emission.enter(time)
        return emission
    }

    /// A stored value; what this module wrote always reads.
    static func decoded<Value: CanonicalCodable>(_ bytes: [UInt8]?) -> Value? {
        guard let bytes else { return nil }
        guard let value = try? Value(canonicalBytes: bytes) else {
            preconditionFailure("stored bytes of the exchange do not read as \(Value.self)")
        }
        return value
    }
}
