// SPDX-License-Identifier: Apache-2.0

extension Preset {
    /// OCOS Cloud: metered services, a vault, a DAO.
    public static let ocos = Preset(
        name: "ocos", summary: "OCOS Cloud: a DAO with snapshots, a threshold of 50,000 OCOS",
        founderStake: 10_000,
        text: """
            {
              // Epochs of half an hour, as the united default's.
              "ledger": { "checkpointBlocks": 1024, "epochCheckpoints": 16 },
              "modules": {
                "accounts": { "assets": [{ "id": 0, "symbol": "OCOS" }] },
                // OC-06, OC-25: a vault for the rewards of nodes, and the treasury of the DAO.
                "treasury": {
                  "pools": [
                    // One decision takes less than it costs to decide alone (docs/economy).
                    {
                      "name": "treasury", "owner": "@governance",
                      "limits": [{ "amount": "3500000", "periodMilliseconds": 2592000000 }]
                    },
                    {
                      "name": "node rewards", "owner": "@governance",
                      "limits": [{ "amount": "3500000", "periodMilliseconds": 2592000000 }]
                    }
                  ]
                },
                "governance": {
                  // OC-09, R11: 50,000 to propose.
                  "proposerMin": "50000", "depositMin": "100",
                  "lateMilliseconds": 86400000, "expiryMilliseconds": 1209600000,
                  "lapseMilliseconds": 172800000,
                  "kinds": [
                    // OC-09, R11: a tenth of what is bound votes, more than half approves, three
                    // to seven days; OC-10: a time lock for what moves money or the law.
                    {
                      "kind": "text", "discussionMilliseconds": 0,
                      "votingMilliseconds": 259200000, "timeLockMilliseconds": 0,
                      "houses": [{ "electorate": "stake", "quorum": 100000, "approval": 500001 }]
                    },
                    {
                      "kind": "parameter", "discussionMilliseconds": 86400000,
                      "votingMilliseconds": 259200000, "timeLockMilliseconds": 172800000,
                      "houses": [{ "electorate": "stake", "quorum": 100000, "approval": 500001 }]
                    },
                    {
                      "kind": "treasury", "discussionMilliseconds": 86400000,
                      "votingMilliseconds": 604800000, "timeLockMilliseconds": 172800000,
                      "houses": [{ "electorate": "stake", "quorum": 100000, "approval": 500001 }]
                    },
                    {
                      "kind": "upgrade", "discussionMilliseconds": 86400000,
                      "votingMilliseconds": 604800000, "timeLockMilliseconds": 604800000,
                      "houses": [{ "electorate": "stake", "quorum": 100000, "approval": 500001 }]
                    },
                    {
                      "kind": "validators", "discussionMilliseconds": 86400000,
                      "votingMilliseconds": 604800000, "timeLockMilliseconds": 172800000,
                      "houses": [{ "electorate": "stake", "quorum": 100000, "approval": 500001 }]
                    },
                    {
                      "kind": "role", "discussionMilliseconds": 86400000,
                      "votingMilliseconds": 259200000, "timeLockMilliseconds": 172800000,
                      "houses": [{ "electorate": "stake", "quorum": 100000, "approval": 500001 }]
                    },
                    {
                      "kind": "constitutional", "discussionMilliseconds": 604800000,
                      "votingMilliseconds": 604800000, "timeLockMilliseconds": 604800000,
                      "houses": [{ "electorate": "stake", "quorum": 500000, "approval": 950000 }]
                    },
                    {
                      "kind": "emergency", "discussionMilliseconds": 0,
                      "votingMilliseconds": 86400000, "timeLockMilliseconds": 0,
                      "houses": [
                        { "electorate": "emergency", "quorum": 714285, "approval": 714285 }
                      ]
                    },
                    {
                      "kind": "board", "discussionMilliseconds": 86400000,
                      "votingMilliseconds": 604800000, "timeLockMilliseconds": 172800000,
                      "houses": [{ "electorate": "roots", "quorum": 100000, "approval": 500001 }]
                    }
                  ]
                }
              }
            }
            """)
}
