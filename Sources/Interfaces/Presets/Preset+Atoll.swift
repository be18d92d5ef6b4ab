// SPDX-License-Identifier: Apache-2.0

extension Preset {
    /// The united default: what modules say when a genesis says nothing.
    public static let atoll = Preset(
        name: "atoll", summary: "the united default of all five systems",
        founderStake: 1_000_000,
        text: """
            {
              // An epoch of 16,384 blocks, about half an hour at ten blocks a second.
              "ledger": { "checkpointBlocks": 1024, "epochCheckpoints": 16 },
              "modules": {
                // R6: a fifth of the weight at most. R37: unbonding is longer than evidence lives.
                "validators": {
                  "seatsMax": 100, "stakeMin": "100", "capPartsPerMillion": 200000,
                  "unbondingEpochs": 336, "slashPartsPerMillion": 50000,
                  // A third of the weight that offends together loses everything.
                  "correlationPartsPerMillion": 3000000
                },
                // OP-15, OP-17, OP-18 and R2: rewards are released, never minted.
                "staking": {
                  "delegationMin": "10", "commissionMax": 200000,
                  "honestPartsPerMillion": 800000, "rateStart": 80000, "rateEnd": 20000
                },
                // R13: what everybody owns is spent by what everybody decided.
                // One decision takes less than it costs to decide alone (docs/economy).
                "treasury": {
                  "pools": [
                    {
                      "name": "treasury", "owner": "@governance",
                      "limits": [{ "amount": "3500000", "periodMilliseconds": 2592000000 }]
                    }
                  ]
                },
                // R24: a payment is divided 70, 10, 10, 5, 5. OP-19: a fifth of fees is burnt.
                "revenue": {
                  "payProvider": 700000, "payOrchestrator": 100000, "payTreasury": 100000,
                  "payBurn": 50000, "payValidators": 50000, "treasuryPool": 0,
                  "feeBurn": 200000, "feeProposer": 800000
                },
                "governance": {
                  "depositMin": "100", "proposerMin": "1000",
                  "lateMilliseconds": 86400000, "expiryMilliseconds": 1209600000,
                  "lapseMilliseconds": 172800000,
                  "kinds": [
                    // OP-20: a day of discussion, a week of votes, two days' lock; a tenth
                    // of the stake votes, more than half approves.
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
                    // CO-20: upgrades wait longer.
                    {
                      "kind": "upgrade", "discussionMilliseconds": 86400000,
                      "votingMilliseconds": 604800000, "timeLockMilliseconds": 604800000,
                      "houses": [{ "electorate": "stake", "quorum": 100000, "approval": 666667 }]
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
                    // R21: half votes, 95 of a hundred approve.
                    {
                      "kind": "constitutional", "discussionMilliseconds": 604800000,
                      "votingMilliseconds": 604800000, "timeLockMilliseconds": 604800000,
                      "houses": [{ "electorate": "stake", "quorum": 500000, "approval": 950000 }]
                    },
                    // CO-21: five of seven, within a day.
                    {
                      "kind": "emergency", "discussionMilliseconds": 0,
                      "votingMilliseconds": 86400000, "timeLockMilliseconds": 0,
                      "houses": [
                        { "electorate": "emergency", "quorum": 714285, "approval": 714285 }
                      ]
                    },
                    // R8: the root of each person's lock, persons alone.
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
