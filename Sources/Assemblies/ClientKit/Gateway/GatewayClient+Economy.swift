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

    /// The figures that governance can change, by module.
    public func figures() async throws(ClientFailure) -> JSON {
        try await json(GatewayCall("/v1/figures")).json
    }
}
