// SPDX-License-Identifier: Apache-2.0

extension Preset {
    /// OCOS Cloud: metered services, a vault, a DAO.
    public static let ocos = Preset(
        name: "ocos", summary: "OCOS Cloud: a DAO with snapshots, a threshold of 50,000 OCOS",
        text: """
            {
              "modules": {
                "accounts": { "assets": [{ "id": 0, "symbol": "OCOS" }] },
                "governance": {
                  // OC-09, R11: 50,000 to propose.
                  "proposerMin": "50000",
                  "kinds": [
                    // OC-09, R11: a tenth of what is bound votes, more than half approves, seven
                    // days at most; OC-10: a time lock for what moves money.
                    {
                      "kind": "text", "discussionMilliseconds": 0,
                      "votingMilliseconds": 259200000, "timeLockMilliseconds": 0,
                      "houses": [{ "electorate": "stake", "quorum": 100000, "approval": 500001 }]
                    },
                    {
                      "kind": "treasury", "votingMilliseconds": 604800000,
                      "timeLockMilliseconds": 172800000,
                      "houses": [{ "electorate": "stake", "quorum": 100000, "approval": 500001 }]
                    }
                  ]
                }
              }
            }
            """)
}
