// SPDX-License-Identifier: Apache-2.0
import JSONText

extension Schema {
    /// Assets, the rules of proposals, test money.
    static var dashboard: [(name: String, schema: JSON)] {
        [
            ("Asset", object([("asset", count), ("symbol", text), ("supply", amount)])),
            ("AssetPage", page("assets", of: "Asset")),
            ("ProposalRules", object([("kinds", list(kind))])),
            (
                "Faucet",
                object([("amount", amount), ("perAccount", count), ("windowSeconds", count)])
            ), ("FaucetRequest", object([("account", digest)])),
            ("FaucetGrant", object([("hash", digest), ("amount", amount)])),
        ]
    }

    private static var kind: JSON {
        let house = object([("electorate", text), ("quorum", count), ("approval", count)])
        return object([
            ("kind", text), ("discussionMilliseconds", count), ("votingMilliseconds", count),
            ("timeLockMilliseconds", count), ("houses", list(house)),
        ])
    }
}
