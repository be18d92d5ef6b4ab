// SPDX-License-Identifier: Apache-2.0
import HTTPServer
public import JSONText
public import Vocabulary

extension GatewayClient {
    /// What an account has at stake: delegations, bonds, votes.
    public func stakes(of account: AccountID) async throws(ClientFailure) -> JSON {
        try await json(GatewayCall("/v1/stakes/\(account)")).json
    }

    /// What stands behind a validator.
    ///
    /// - Throws: ``ClientFailure``; a problem `unknownPool` when nothing does.
    public func pool(of account: AccountID) async throws(ClientFailure) -> JSON {
        try await json(GatewayCall("/v1/pools/\(account)")).json
    }

    /// Proposals by number, at most a hundred.
    public func proposals(cursor: String? = nil) async throws(ClientFailure) -> JSON {
        var call = GatewayCall("/v1/proposals")
        call.query = [("limit", "100")] + (cursor.map { [("cursor", $0)] } ?? [])
        return try await json(call).json
    }

    /// One proposal.
    ///
    /// - Throws: ``ClientFailure``; a problem `unknownProposal` when there is none.
    public func proposal(_ number: UInt64) async throws(ClientFailure) -> JSON {
        try await json(GatewayCall("/v1/proposals/\(number)")).json
    }

    /// What a proposal would change, key by key, and in words where there are some.
    ///
    /// - Throws: ``ClientFailure``; a problem `unknownProposal` when there is none.
    public func changes(ofProposal number: UInt64) async throws(ClientFailure) -> JSON {
        try await json(GatewayCall("/v1/proposals/\(number)/changes")).json
    }

    /// Common money of a kind by number, at most a hundred after a cursor.
    public func common(
        _ kind: CommonMoney, cursor: String? = nil
    ) async throws(ClientFailure) -> JSON {
        var call = GatewayCall("/v1/\(kind.rawValue)")
        call.query = [("limit", "100")] + (cursor.map { [("cursor", $0)] } ?? [])
        return try await json(call).json
    }

    /// One of a kind.
    ///
    /// - Throws: ``ClientFailure``; a problem `unknownNumber` when there is none.
    public func common(
        _ kind: CommonMoney, number: UInt64
    ) async throws(ClientFailure) -> JSON {
        try await json(GatewayCall("/v1/\(kind.rawValue)/\(number)")).json
    }

    /// The marks that an account earned.
    public func badges(of account: AccountID) async throws(ClientFailure) -> JSON {
        try await json(GatewayCall("/v1/accounts/\(account)/badges")).json
    }

    /// An account of several signers, and what waits for their agreement.
    ///
    /// - Throws: ``ClientFailure``; a problem `unknownNumber` when it is none.
    public func multisig(_ account: AccountID) async throws(ClientFailure) -> JSON {
        try await json(GatewayCall("/v1/multisigs/\(account)")).json
    }

    /// What happened in a final transaction, in order; none when it is forgotten.
    public func happenings(in transaction: Digest) async throws(ClientFailure) -> [JSON] {
        try await json(GatewayCall("/v1/transactions/\(transaction)")).json["events"]?.elements
            ?? []
    }

    /// Asks the faucet of a local cloud for test tokens; they are there a moment later.
    ///
    /// - Throws: ``ClientFailure``; a problem `faucetDry` when enough was given for now.
    public func askFaucet(for account: AccountID) async throws(ClientFailure) {
        var call = GatewayCall("/v1/faucet")
        call.method = .post
        call.fields = ["Content-Type": "application/json"]
        call.body = .bytes((["account": JSON("\(account)")] as JSON).bytes)
        _ = try await send(call)
    }

    /// The figures that governance can change, by module.
    public func figures() async throws(ClientFailure) -> JSON {
        try await json(GatewayCall("/v1/figures")).json
    }
}

/// What common money there is, by the word the gateway lists it under.
public enum CommonMoney: String, Sendable, CaseIterable {
    /// Pools.
    case treasuries
    /// What becomes somebody's over time.
    case grants
    /// Money for those on a list.
    case airdrops
    /// Sales at a falling price.
    case auctions
    /// What findings are paid.
    case bounties
}
