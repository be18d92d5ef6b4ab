// SPDX-License-Identifier: Apache-2.0

extension Preset {
    /// CipherOcto: a market of agents and providers with role tokens and two chambers.
    public static let octo = Preset(
        name: "octo", summary: "CipherOcto: 10 G OCTO, role tokens, dual bonds, two chambers",
        text: """
            {
              "modules": {
                "accounts": {
                  // CO-04: role tokens are earned by work; none exists at the beginning.
                  "assets": [
                    { "id": 0, "symbol": "OCTO" }, { "id": 1, "symbol": "OCTO-A" },
                    { "id": 2, "symbol": "OCTO-S" }, { "id": 3, "symbol": "OCTO-B" },
                    { "id": 4, "symbol": "OCTO-O" }, { "id": 5, "symbol": "OCTO-W" },
                    { "id": 6, "symbol": "OCTO-D" }, { "id": 7, "symbol": "OCTO-M" },
                    { "id": 8, "symbol": "OCTO-N" }
                  ],
                  // CO-01: 10 G; 35 + 20 + 15 + 12 + 8 + 5 + 5 in a hundred, below.
                  "balances": [{ "account": "@allocation", "amount": "10000000000" }]
                },
                // CO-06: a validator bonds 10,000. CO-12: a double signature costs everything.
                "validators": { "stakeMin": "10000", "slashPartsPerMillion": 1000000 },
                "staking": {
                  // CO-05: both bonds; seven days to come back. CO-17: holders from 1,000 on.
                  "roles": [
                    { "role": "holder", "baseMin": "1000" },
                    { "role": "compute", "baseMin": "1000", "asset": 1, "secondMin": "500" },
                    { "role": "storage", "baseMin": "500", "asset": 2, "secondMin": "1000" },
                    { "role": "bandwidth", "baseMin": "300", "asset": 3, "secondMin": "200" },
                    { "role": "orchestrator", "baseMin": "2000", "asset": 4, "secondMin": "500" },
                    { "role": "wholesaler", "baseMin": "5000", "asset": 5, "secondMin": "1000" },
                    { "role": "developer", "baseMin": "200", "asset": 6, "secondMin": "100" },
                    { "role": "marketer", "baseMin": "100", "asset": 7, "secondMin": "50" },
                    { "role": "node", "baseMin": "1500", "asset": 8, "secondMin": "500" }
                  ]
                },
                "treasury": {
                  "pools": [
                    { "name": "ecosystem", "owner": "@governance" },
                    { "name": "treasury", "owner": "@governance" },
                    { "name": "infrastructure", "owner": "@governance" },
                    { "name": "team", "owner": "@governance" },
                    { "name": "contributors", "owner": "@governance" },
                    { "name": "partners", "owner": "@governance" },
                    // CO-02: liquidity is whole at launch.
                    {
                      "name": "liquidity", "owner": "@governance",
                      "holdings": [{ "account": "@allocation", "amount": "500000000" }]
                    }
                  ],
                  // CO-02, R16: the distribution schedule; a month is a twelfth of 365.25 days.
                  "grants": [
                    // 12 months' cliff, 48 evenly: 875 M a year.
                    {
                      "account": "@allocation", "pool": 0, "amount": "3500000000",
                      "schedule": {
                        "cliffMilliseconds": 31557600000, "durationMilliseconds": 126230400000
                      }
                    },
                    // A tenth at launch, 36 months' cliff, 60 evenly.
                    {
                      "account": "@allocation", "pool": 1, "amount": "2000000000",
                      "schedule": {
                        "atStart": 100000, "cliffMilliseconds": 94672800000,
                        "durationMilliseconds": 157788000000
                      }
                    },
                    // A fifth at launch, 36 months evenly.
                    {
                      "account": "@allocation", "pool": 2, "amount": "1500000000",
                      "schedule": { "atStart": 200000, "durationMilliseconds": 94672800000 }
                    },
                    // 12 months' cliff, 48 by quarters, each locked for six months more.
                    {
                      "account": "@allocation", "pool": 3, "amount": "1200000000",
                      "schedule": {
                        "cliffMilliseconds": 31557600000, "durationMilliseconds": 126230400000,
                        "periodMilliseconds": 7889400000, "lockMilliseconds": 15778800000
                      }
                    },
                    // A quarter at launch, six months' cliff, 30 evenly.
                    {
                      "account": "@allocation", "pool": 4, "amount": "800000000",
                      "schedule": {
                        "atStart": 250000, "cliffMilliseconds": 15778800000,
                        "durationMilliseconds": 78894000000
                      }
                    },
                    // Milestones: 10, 30, 30, 30 in a hundred.
                    {
                      "account": "@allocation", "pool": 5, "amount": "500000000",
                      "schedule": { "milestones": [100000, 300000, 300000, 300000] }
                    }
                  ]
                },
                "governance": {
                  // CO-20: seven days of discussion, five of voting, 48 hours of time lock.
                  // CO-19: both chambers; no account has a root before somebody vouches for it.
                  "kinds": [
                    {
                      "kind": "parameter", "discussionMilliseconds": 604800000,
                      "votingMilliseconds": 432000000, "timeLockMilliseconds": 172800000,
                      "houses": [
                        { "electorate": "roots", "quorum": 500000, "approval": 600000 },
                        { "electorate": "council", "quorum": 500000, "approval": 600000 }
                      ]
                    },
                    {
                      "kind": "treasury", "discussionMilliseconds": 604800000,
                      "votingMilliseconds": 432000000, "timeLockMilliseconds": 172800000,
                      "houses": [
                        { "electorate": "roots", "quorum": 500000, "approval": 600000 },
                        { "electorate": "council", "quorum": 500000, "approval": 600000 }
                      ]
                    },
                    {
                      "kind": "role", "discussionMilliseconds": 604800000,
                      "votingMilliseconds": 432000000, "timeLockMilliseconds": 172800000,
                      "houses": [
                        { "electorate": "roots", "quorum": 670000, "approval": 670000 },
                        { "electorate": "council", "quorum": 670000, "approval": 670000 }
                      ]
                    },
                    // CO-19, CO-44, R21: three quarters vote, 95 of a hundred approve, in both.
                    {
                      "kind": "constitutional", "discussionMilliseconds": 604800000,
                      "votingMilliseconds": 432000000, "timeLockMilliseconds": 604800000,
                      "houses": [
                        { "electorate": "roots", "quorum": 750000, "approval": 950000 },
                        { "electorate": "council", "quorum": 750000, "approval": 950000 }
                      ]
                    }
                  ],
                  // CO-21: what an emergency did lapses after 48 hours.
                  "lapseMilliseconds": 172800000
                }
              }
            }
            """)
}
