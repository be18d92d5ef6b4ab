// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Reads what this module keeps, of any state.
public struct RevenueQueries {
    let state: any StateReader

    /// Takes a state.
    public init(_ state: any StateReader) { self.state = state }

    /// The figures that hold.
    public var parameters: RevenueParameters {
        decoded(RevenueKeys.parameters) ?? .standard
    }

    /// The tables of the genesis.
    public var tables: RevenueTables { decoded(RevenueKeys.tables) ?? RevenueTables() }

    /// All that was divided since the beginning.
    public var totals: RevenueTotals { decoded(RevenueKeys.totals) ?? RevenueTotals() }

    /// Who arranges a client's work.
    public func orchestrator(of client: AccountID) -> AccountID? {
        decoded(RevenueKeys.orchestrator(of: client))
    }

    /// What a provider is among those who earned by work.
    public func earner(_ provider: AccountID) -> Earner? {
        decoded(RevenueKeys.earner(provider))
    }

    /// How many providers have earned by work.
    public var earners: UInt64 {
        (decoded(RevenueKeys.earners) as Amount?).map { UInt64(clamping: $0.units) } ?? 0
    }

    /// Which account gets the fees of a block at first: its proposer's, or the collector's where
    /// fees are divided.
    public func collector(for proposer: AccountID) -> AccountID {
        parameters.dividesFees ? RevenueKeys.collector : proposer
    }

    private func decoded<Value: CanonicalCodable>(_ key: [UInt8]) -> Value? {
        guard let bytes = state.value(.revenue, key) else { return nil }
        guard let value = try? Value(canonicalBytes: bytes) else {
            preconditionFailure("stored bytes of revenue do not read as \(Value.self)")
        }
        return value
    }
}
