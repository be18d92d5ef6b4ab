// SPDX-License-Identifier: Apache-2.0
import HTTPServer
public import Vocabulary

extension GatewayClient {
    /// The accounts of issuers in ascending order; a gateway's word, each is proven by itself.
    ///
    /// - Parameters:
    ///   - limit: The most of them, 1 to 100.
    ///   - cursor: The `next` of the page before.
    public func issuers(
        limit: Int = 100, cursor: String? = nil
    ) async throws(ClientFailure) -> GatewayPage<AccountID> {
        var call = GatewayCall("/v1/issuers")
        call.query = [("limit", "\(limit)")] + (cursor.map { [("cursor", $0)] } ?? [])
        return try GatewayPage(await json(call), "issuers") { one throws(ClientFailure) in
            try one.identifier("account")
        }
    }
}
