// SPDX-License-Identifier: Apache-2.0
import HTTPServer
public import JSONText
public import Leases
public import Vocabulary

/// Whose leases are asked for.
public enum LeaseSelection: Hashable, Sendable {
    /// Every live one.
    case live
    /// Those that want bids, the oldest first.
    case open
    /// A tenant's, live and ended, the newest first.
    case tenant(AccountID)
    /// The live ones of a tenant's deployment.
    case deployment(Bytes32, of: AccountID)
    /// What a provider bids for, runs or stands by.
    case provider(AccountID)
}

extension GatewayClient {
    /// Some leases, at most a hundred, as the gateway shows them.
    public func leases(
        _ selection: LeaseSelection, cursor: String? = nil
    ) async throws(ClientFailure) -> JSON {
        var call = GatewayCall("/v1/leases")
        let query: [(name: String, value: String)] =
            switch selection {
            case .live: [("state", "live")]
            case .open: [("state", "open")]
            case .tenant(let account): [("tenant", "\(account)")]
            case .deployment(let deployment, let tenant):
                [("tenant", "\(tenant)"), ("deployment", "\(Digest(deployment))")]
            case .provider(let account): [("provider", "\(account)")]
            }
        call.query = query + [("limit", "100")] + (cursor.map { [("cursor", $0)] } ?? [])
        return try await json(call).json
    }

    /// One lease, live or ended.
    ///
    /// - Throws: ``ClientFailure``; a problem `unknownLease` when there is none.
    public func lease(_ lease: LeaseID) async throws(ClientFailure) -> JSON {
        try await json(GatewayCall("/v1/leases/\(lease)")).json
    }

    /// What a provider declared, and how much of it is held.
    ///
    /// - Throws: ``ClientFailure``; a problem `unknownCapacity` when it declared nothing.
    public func capacity(of provider: AccountID) async throws(ClientFailure) -> JSON {
        try await json(GatewayCall("/v1/capacities/\(provider)")).json
    }
}
