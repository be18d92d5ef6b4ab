// SPDX-License-Identifier: Apache-2.0

extension Preset {
    /// CipherOcto: a market of agents and providers with role tokens and two chambers.
    public static let octo = Preset(
        name: "octo", summary: "CipherOcto: 10 G OCTO, role tokens, dual bonds, two chambers",
        founderStake: 10_000, purse: Purse(pool: 6, earnings: 7),
        text: """
            {
              "modules": {
                "accounts": {
                  // CO-04: role tokens are earned by work; nobody has one at the beginning.
                  "assets": [
                    { "id": 0, "symbol": "OCTO" }, { "id": 1, "symbol": "OCTO-A" },
                    { "id": 2, "symbol": "OCTO-S" }, { "id": 3, "symbol": "OCTO-B" },
                    { "id": 4, "symbol": "OCTO-O" }, { "id": 5, "symbol": "OCTO-W" },
                    { "id": 6, "symbol": "OCTO-D" }, { "id": 7, "symbol": "OCTO-M" },
                    { "id": 8, "symbol": "OCTO-N" }
                  ],
                  // CO-01: 10 G; 35 + 20 + 15 + 12 + 8 + 5 + 5 in a hundred, below. Of each role's
                  // token one thousand million is all there will be; work is paid out of it.
                  "balances": [
                    { "account": "@allocation", "amount": "10000000000" },
                    { "account": "@allocation", "asset": 1, "amount": "1000000000" },
                    { "account": "@allocation", "asset": 2, "amount": "1000000000" },
                    { "account": "@allocation", "asset": 3, "amount": "1000000000" },
                    { "account": "@allocation", "asset": 4, "amount": "1000000000" },
                    { "account": "@allocation", "asset": 5, "amount": "1000000000" },
                    { "account": "@allocation", "asset": 6, "amount": "1000000000" },
                    { "account": "@allocation", "asset": 7, "amount": "1000000000" },
                    { "account": "@allocation", "asset": 8, "amount": "1000000000" }
                  ]
                },
                // CO-06: a validator bonds 10,000. CO-12: a double signature costs everything.
                // CO-12: not being there costs 1 % an hour, half of it in an epoch of half an hour.
                "validators": {
                  "stakeMin": "10000", "slashPartsPerMillion": 1000000,
                  "downtimeTurnsMin": 10, "downtimePartsPerMillion": 5000
                },
                "staking": {
                  // CO-40: an uptime above 99.9 % is paid all, above 99 % three quarters, above
                  // 95 % half, below nothing.
                  "uptimeFull": 999000, "uptimeHigh": 990000, "uptimeHighPays": 750000,
                  "uptimeLow": 950000, "uptimeLowPays": 500000,
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
                  // A hundredth of each pool leaves in thirty days at most.
                  "pools": [
                    {
                      "name": "ecosystem", "owner": "@governance",
                      "limits": [{ "amount": "35000000", "periodMilliseconds": 2592000000 }]
                    },
                    {
                      "name": "treasury", "owner": "@governance",
                      "limits": [{ "amount": "20000000", "periodMilliseconds": 2592000000 }]
                    },
                    {
                      "name": "infrastructure", "owner": "@governance",
                      "limits": [{ "amount": "15000000", "periodMilliseconds": 2592000000 }]
                    },
                    {
                      "name": "team", "owner": "@governance",
                      "limits": [{ "amount": "12000000", "periodMilliseconds": 2592000000 }]
                    },
                    {
                      "name": "contributors", "owner": "@governance",
                      "limits": [{ "amount": "8000000", "periodMilliseconds": 2592000000 }]
                    },
                    {
                      "name": "partners", "owner": "@governance",
                      "limits": [{ "amount": "5000000", "periodMilliseconds": 2592000000 }]
                    },
                    // CO-02: liquidity is whole at launch.
                    {
                      "name": "liquidity", "owner": "@governance",
                      "holdings": [{ "account": "@allocation", "amount": "500000000" }],
                      "limits": [{ "amount": "5000000", "periodMilliseconds": 2592000000 }]
                    },
                    // CO-04, CO-07: what work earns, in the order of the roles.
                    {
                      "name": "work", "owner": "@governance",
                      "holdings": [
                        { "account": "@allocation", "asset": 1, "amount": "1000000000" },
                        { "account": "@allocation", "asset": 2, "amount": "1000000000" },
                        { "account": "@allocation", "asset": 3, "amount": "1000000000" },
                        { "account": "@allocation", "asset": 4, "amount": "1000000000" },
                        { "account": "@allocation", "asset": 5, "amount": "1000000000" },
                        { "account": "@allocation", "asset": 6, "amount": "1000000000" },
                        { "account": "@allocation", "asset": 7, "amount": "1000000000" },
                        { "account": "@allocation", "asset": 8, "amount": "1000000000" }
                      ]
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
                "revenue": {
                  // CO-09, R24: provider 70, orchestrator 10, treasury 10, burn 5, stakers 5.
                  "payProvider": 700000, "payOrchestrator": 100000, "payTreasury": 100000,
                  "payBurn": 50000, "payValidators": 50000, "treasuryPool": 1,
                  // CO-10: jobs and leases are rented infrastructure.
                  "services": [
                    { "service": "ai", "share": 50000, "least": "1", "most": "100" },
                    { "service": "data", "share": 20000, "least": "0.5", "most": "50" },
                    { "service": "jobs", "share": 30000, "least": "1", "most": "10" },
                    { "service": "leases", "share": 30000, "least": "1", "most": "10" },
                    { "service": "wholesale", "share": 5000, "least": "0.1", "most": "5" },
                    { "service": "agents", "share": 50000, "least": "1", "most": "100" }
                  ],
                  // CO-07: 0.1 for an hour of a GPU, 1, .1 and .01 for a terabyte and month; times
                  // a reputation of 0.5 to 2.0, 2.0 for an H100, 1.5 at the edge. Out of the pool
                  // `work`; less than paying oneself costs.
                  "workPool": 7, "reputationLow": 500000, "reputationHigh": 2000000,
                  "workPerPaid": 40000,
                  "work": [
                    { "kind": "compute", "asset": 1, "perUnit": "0.1" },
                    { "kind": "storage-hot", "asset": 2, "perUnit": "1" },
                    { "kind": "storage-cold", "asset": 2, "perUnit": "0.1" },
                    { "kind": "storage-archive", "asset": 2, "perUnit": "0.01" }
                  ],
                  "multipliers": [
                    { "capability": "h100", "weight": 2000000 },
                    { "capability": "edge", "weight": 1500000 }
                  ],
                  // CO-16: ten times for the first 100 in 30 days, five for the next 400 in 60,
                  // twice for the next 1,000 in 90.
                  "early": [
                    { "count": 100, "weight": 10000000, "spanMilliseconds": 2592000000 },
                    { "count": 400, "weight": 5000000, "spanMilliseconds": 5184000000 },
                    { "count": 1000, "weight": 2000000, "spanMilliseconds": 7776000000 }
                  ]
                },
                "exchange": {
                  // CO-08: at least 1,000 at once; a rate of 1.0 times demand times scarcity, each
                  // from a half to two. A day of 100,000 is usual.
                  "conversionMin": "1000",
                  "windows": [
                    { "asset": 1, "target": "100000", "reference": "1000000000" },
                    { "asset": 2, "target": "100000", "reference": "1000000000" },
                    { "asset": 3, "target": "100000", "reference": "1000000000" },
                    { "asset": 4, "target": "100000", "reference": "1000000000" },
                    { "asset": 5, "target": "100000", "reference": "1000000000" },
                    { "asset": 6, "target": "100000", "reference": "1000000000" },
                    { "asset": 7, "target": "100000", "reference": "1000000000" },
                    { "asset": 8, "target": "100000", "reference": "1000000000" }
                  ],
                  // CO-03, R16: all conversions of a year pay so much at most.
                  "emission": [
                    { "years": 4, "amount": "100000000" }, { "years": 4, "amount": "50000000" },
                    { "years": 4, "amount": "10000000" }, { "years": 1, "amount": "5000000" }
                  ]
                },
                "governance": {
                  // CO-17: 1,000 OCTO to take part. CO-21: emergencies lapse after 48 hours.
                  "depositMin": "100", "proposerMin": "1000",
                  "lateMilliseconds": 86400000, "expiryMilliseconds": 1209600000,
                  "lapseMilliseconds": 172800000,
                  "kinds": [
                    // CO-20: seven days of discussion, five of votes, 48 hours of lock. CO-19: both
                    // chambers; in `roots` only persons have a vote (R20).
                    {
                      "kind": "text", "discussionMilliseconds": 604800000,
                      "votingMilliseconds": 432000000, "timeLockMilliseconds": 172800000,
                      "houses": [
                        { "electorate": "roots", "quorum": 500000, "approval": 600000 },
                        { "electorate": "council", "quorum": 500000, "approval": 600000 }
                      ]
                    },
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
                    // CO-20: upgrades wait for seven days.
                    {
                      "kind": "upgrade", "discussionMilliseconds": 604800000,
                      "votingMilliseconds": 432000000, "timeLockMilliseconds": 604800000,
                      "houses": [
                        { "electorate": "roots", "quorum": 500000, "approval": 600000 },
                        { "electorate": "council", "quorum": 500000, "approval": 600000 }
                      ]
                    },
                    {
                      "kind": "validators", "discussionMilliseconds": 604800000,
                      "votingMilliseconds": 432000000, "timeLockMilliseconds": 172800000,
                      "houses": [
                        { "electorate": "roots", "quorum": 500000, "approval": 600000 },
                        { "electorate": "council", "quorum": 500000, "approval": 600000 }
                      ]
                    },
                    // CO-19: a new role's token, 67 each.
                    {
                      "kind": "role", "discussionMilliseconds": 604800000,
                      "votingMilliseconds": 432000000, "timeLockMilliseconds": 172800000,
                      "houses": [
                        { "electorate": "roots", "quorum": 670000, "approval": 670000 },
                        { "electorate": "council", "quorum": 670000, "approval": 670000 }
                      ]
                    },
                    // CO-19, CO-44, R21: three quarters vote, 95 of a hundred approve, both.
                    {
                      "kind": "constitutional", "discussionMilliseconds": 604800000,
                      "votingMilliseconds": 432000000, "timeLockMilliseconds": 604800000,
                      "houses": [
                        { "electorate": "roots", "quorum": 750000, "approval": 950000 },
                        { "electorate": "council", "quorum": 750000, "approval": 950000 }
                      ]
                    },
                    // CO-21: five of seven, within 48 hours.
                    {
                      "kind": "emergency", "discussionMilliseconds": 0,
                      "votingMilliseconds": 172800000, "timeLockMilliseconds": 0,
                      "houses": [
                        { "electorate": "emergency", "quorum": 714285, "approval": 714285 }
                      ]
                    },
                    {
                      "kind": "board", "discussionMilliseconds": 604800000,
                      "votingMilliseconds": 432000000, "timeLockMilliseconds": 172800000,
                      "houses": [
                        { "electorate": "roots", "quorum": 500000, "approval": 600000 },
                        { "electorate": "council", "quorum": 500000, "approval": 600000 }
                      ]
                    }
                  ],
                  // CO-44: what only 95 of a hundred in both chambers change.
                  "clauses": [
                    { "module": 9, "figure": "conversionMin", "protection": "constitutional" },
                    { "module": 5, "figure": "capPartsPerMillion", "protection": "constitutional" },
                    { "module": 8, "figure": "readyPartsPerMillion", "protection": "unamendable" }
                  ]
                }
              }
            }
            """)
}
