// SPDX-License-Identifier: Apache-2.0

extension Preset {
    /// Pocket Network: relays, report cards, relay or slash.
    public static let pocket = Preset(
        name: "pocket", summary: "Pocket Network: bonds of relays, 21 validators, 21 days",
        founderStake: 15_000,
        text: """
            {
              // An epoch of 1,440 blocks: a day of blocks of a minute.
              "ledger": { "checkpointBlocks": 90, "epochCheckpoints": 16, "feeBase": "0.01" },
              "modules": {
                "accounts": { "assets": [{ "id": 0, "symbol": "POKT" }] },
                // PK-04: 15,000 POKT to stand, 5 % for a double signature. PK-21: 21 and 21 days.
                "validators": {
                  "seatsMax": 21, "stakeMin": "15000", "unbondingEpochs": 21,
                  "slashPartsPerMillion": 50000
                },
                "staking": {
                  // PK-21: the mainnet's bonds. A supplier's comes back after 1,429 sessions of 20
                  // blocks of a minute, those of applications and gateways after three.
                  "roles": [
                    {
                      "role": "application", "baseMin": "1000",
                      "unbondingMilliseconds": 3600000
                    },
                    {
                      "role": "supplier", "baseMin": "59500",
                      "unbondingMilliseconds": 1714800000
                    },
                    { "role": "gateway", "baseMin": "5000", "unbondingMilliseconds": 3600000 },
                    // PK-04: 15,000 POKT, 2,016 blocks.
                    {
                      "role": "fisherman", "baseMin": "15000",
                      "unbondingMilliseconds": 120960000
                    }
                  ],
                  // PK-04: a missed block costs 1 %, a double signature 5 %.
                  "slashes": [
                    { "cause": "missed", "base": 10000 },
                    { "cause": "double-sign", "base": 50000 }
                  ]
                },
                // PK-32: pools of the DAO and of what fees collect.
                "treasury": {
                  "pools": [
                    // One decision takes less than it costs to decide alone (docs/economy).
                    {
                      "name": "dao", "owner": "@governance",
                      "limits": [{ "amount": "3500000", "periodMilliseconds": 2592000000 }]
                    },
                    { "name": "fee collector", "owner": "@governance" }
                  ]
                },
                // PK-32, PK-04: a tenth of fees is the proposer's, the rest the DAO's.
                "revenue": { "feeTreasury": 900000, "feeProposer": 100000, "treasuryPool": 0 },
                "governance": {
                  "depositMin": "100", "proposerMin": "1000",
                  "lateMilliseconds": 86400000, "expiryMilliseconds": 1209600000,
                  "lapseMilliseconds": 172800000,
                  "kinds": [
                    // PK-03, PK-30: the DAO decides on the ledger, with a deposit people can pay.
                    {
                      "kind": "text", "discussionMilliseconds": 86400000,
                      "votingMilliseconds": 604800000, "timeLockMilliseconds": 172800000,
                      "houses": [{ "electorate": "stake", "quorum": 100000, "approval": 500001 }]
                    },
                    {
                      "kind": "parameter", "discussionMilliseconds": 86400000,
                      "votingMilliseconds": 604800000, "timeLockMilliseconds": 172800000,
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
                      "votingMilliseconds": 604800000, "timeLockMilliseconds": 172800000,
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
