// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Identity
import JSONText
import Vocabulary

/// The issuers that the ledger knows, each proven from the genesis.
struct LedgerIssuers {
    let settings: ClientSettings
    let policy: TrustPolicy

    /// The most issuers that are listed: each is a proof of some kilobytes.
    static let issuersMax = 1_000

    /// Lists them by their accounts.
    func write(_ format: OutputFormat) async throws {
        let found = try await found()
        let value: JSON = [
            "issuers": .array(
                found.map { one in
                    one.json.appending("trusted", .array(trusted(one).map { JSON($0) }))
                })
        ]
        ResultText.write(value, as: format) {
            var table = TextTable(
                ["issuer", "state", "attests", "bond", "trusted for"], rightAligned: [3])
            for one in found {
                table.add([
                    "\(AtollMethod.did(of: one.issuer.account))", one.state,
                    one.issuer.types.joined(separator: " "), "\(one.issuer.bond)",
                    trusted(one).joined(separator: " "),
                ])
            }
            return table.text
        }
        if found.isEmpty { Terminal.say("the ledger knows no issuers yet") }
    }

    /// The types for which the policy trusts an issuer.
    private func trusted(_ one: IssuerState) -> [String] {
        let did = AtollMethod.did(of: one.issuer.account)
        return policy.issuers.filter { $0.value.contains(did) }.map(\.key).sorted()
    }

    private func found() async throws -> [IssuerState] {
        let client = try await settings.client()
        var found: [IssuerState] = []
        var cursor: String?
        repeat {
            let page = try await calling { () async throws(ClientFailure) in
                try await client.issuers(cursor: cursor)
            }
            for account in page.items where found.count < Self.issuersMax {
                if let one = try await IssuerState.find(account, settings) { found.append(one) }
            }
            cursor = found.count < Self.issuersMax ? page.next : nil
        } while cursor != nil
        return found
    }
}
