// SPDX-License-Identifier: Apache-2.0

extension Preset {
    /// Optimus Core: machine identities and a ledger with delegated stake.
    public static let optimus = Preset(
        name: "optimus", summary: "Optimus Core: 1,000 M OPTIMUS, 21 validators, epochs of a day",
        founderStake: 500_000, purse: Purse(pool: 7, earnings: nil),
        text: """
            {
              // OP-10: an epoch is 28,800 blocks, a day of blocks of 3 s. OP-19: a transfer and
              // every other message .0001; a job .001 (3, 0), an account of several signers
              // .002 (7, 0), an identity 1 (16, 0), an anchored list of status .1 (16, 6).
              "ledger": {
                "checkpointBlocks": 1800, "epochCheckpoints": 16, "feeBase": "0",
                "feePerByte": "0", "feePerMessage": "0.0001",
                "messageFees": [
                  { "module": 3, "tag": 0, "fee": "0.001" },
                  { "module": 7, "tag": 0, "fee": "0.002" },
                  { "module": 16, "tag": 0, "fee": "1" },
                  { "module": 16, "tag": 6, "fee": "0.1" }
                ]
              },
              "modules": {
                "accounts": {
                  "assets": [{ "id": 0, "symbol": "OPTIMUS" }],
                  // OP-12: 1,000 M in all; the rows below divide them.
                  "balances": [{ "account": "@allocation", "amount": "1000000000" }]
                },
                "validators": {
                  // OP-09, R4: 21 seats, 100,000 to stand, no entity above a fifth (R6).
                  "seatsMax": 21, "stakeMin": "100000", "capPartsPerMillion": 200000,
                  // R37: 21 epochs of a day. OP-17: a double signature costs 30 %, being down 5 %:
                  // who proposes none of an epoch's blocks although ten turns were its own.
                  "unbondingEpochs": 21, "slashPartsPerMillion": 300000,
                  "downtimeTurnsMin": 10, "downtimePartsPerMillion": 50000
                },
                "staking": {
                  // OP-15: at least 10, commission up to 20 %, loyalty .5, 1, 2 %, early exit 2 %.
                  "delegationMin": "10", "commissionMax": 200000, "loyaltyHalfYear": 5000,
                  "loyaltyYear": 10000, "loyaltyTwoYears": 20000,
                  "earlyExitPartsPerMillion": 20000,
                  // OP-17: 80 % of penalties to honest validators, 20 % burnt.
                  "honestPartsPerMillion": 800000,
                  // OP-18, R2: 8 % falling to 2 %, released from 300 M over 120 months.
                  "rateStart": 80000, "rateEnd": 20000, "budgetMilliseconds": 315576000000,
                  "budget": { "account": "@allocation", "amount": "300000000" }
                },
                "treasury": {
                  // What leaves in a week is less than it costs to decide alone (docs/economy); a
                  // vote may let more out, a whole week later.
                  "pools": [
                    // OP-12, OP-14: treasury 350 M, of which 5 M are grants and 10 M partners';
                    // 15 M leave in six months, 26 weeks.
                    {
                      "name": "treasury", "owner": "@governance",
                      "holdings": [{ "account": "@allocation", "amount": "335000000" }],
                      "limits": [{ "amount": "576923", "periodMilliseconds": 604800000 }]
                    },
                    // OP-13: 25 M for the auction, 15 M for the airdrop.
                    {
                      "name": "auction", "owner": "@governance",
                      "holdings": [{ "account": "@allocation", "amount": "25000000" }],
                      "limits": [{ "amount": "250000", "periodMilliseconds": 604800000 }]
                    },
                    {
                      "name": "airdrop", "owner": "@governance",
                      "holdings": [{ "account": "@allocation", "amount": "15000000" }],
                      "limits": [{ "amount": "150000", "periodMilliseconds": 604800000 }]
                    },
                    {
                      "name": "liquidity", "owner": "@governance",
                      "limits": [{ "amount": "100000", "periodMilliseconds": 604800000 }]
                    },
                    {
                      "name": "team", "owner": "@governance",
                      "limits": [{ "amount": "300000", "periodMilliseconds": 604800000 }]
                    },
                    {
                      "name": "strategic", "owner": "@governance",
                      "limits": [{ "amount": "300000", "periodMilliseconds": 604800000 }]
                    },
                    // OP-14: for developers, in the first six months.
                    {
                      "name": "grants", "owner": "@governance",
                      "holdings": [{ "account": "@allocation", "amount": "5000000" }],
                      "limits": [{ "amount": "192308", "periodMilliseconds": 604800000 }]
                    },
                    // OP-14: for partners, in the first six months; R5: what a new network's
                    // people begin with comes from here.
                    {
                      "name": "partners", "owner": "@governance",
                      "holdings": [{ "account": "@allocation", "amount": "10000000" }],
                      "limits": [{ "amount": "100000", "periodMilliseconds": 604800000 }]
                    }
                  ],
                  "grants": [
                    // OP-12: 10 M of liquidity, locked for six months.
                    {
                      "account": "@allocation", "pool": 3, "amount": "10000000",
                      "schedule": { "lockMilliseconds": 15778800000 }
                    },
                    // OP-12: team 150 M in four years with a cliff of one.
                    {
                      "account": "@allocation", "pool": 4, "amount": "150000000",
                      "schedule": {
                        "cliffMilliseconds": 31557600000, "durationMilliseconds": 126230400000,
                        "accrues": true
                      }
                    },
                    // R9: strategic 150 M, six months' cliff, then evenly to 24 months.
                    {
                      "account": "@allocation", "pool": 5, "amount": "150000000",
                      "schedule": {
                        "cliffMilliseconds": 15778800000, "durationMilliseconds": 63115200000,
                        "accrues": true
                      }
                    }
                  ]
                },
                "revenue": {
                  // OP-19: 20 % of fees are burnt; a service's fee is .01 %, at least .0001.
                  "feeBurn": 200000, "feeProposer": 800000,
                  "services": [{ "service": "jobs", "share": 100, "least": "0.0001" }]
                },
                "governance": {
                  // OP-20: 10,000 staked to propose.
                  "proposerMin": "10000", "depositMin": "100",
                  "lateMilliseconds": 86400000, "expiryMilliseconds": 1209600000,
                  "lapseMilliseconds": 172800000,
                  "kinds": [
                    // OP-20: 24 hours, a week of votes, 48 hours; a tenth of what is staked votes.
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
                      "votingMilliseconds": 604800000, "timeLockMilliseconds": 172800000,
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
                    // R21: half votes, 95 of a hundred approve.
                    {
                      "kind": "constitutional", "discussionMilliseconds": 604800000,
                      "votingMilliseconds": 604800000, "timeLockMilliseconds": 604800000,
                      "houses": [{ "electorate": "stake", "quorum": 500000, "approval": 950000 }]
                    },
                    // OP-20: emergencies vote for 24 hours.
                    {
                      "kind": "emergency", "discussionMilliseconds": 0,
                      "votingMilliseconds": 86400000, "timeLockMilliseconds": 0,
                      "houses": [{ "electorate": "stake", "quorum": 100000, "approval": 500001 }]
                    },
                    // OP-21, R8: the board, by the root of each person's lock; persons alone.
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
