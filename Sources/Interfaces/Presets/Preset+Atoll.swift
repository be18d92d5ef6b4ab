// SPDX-License-Identifier: Apache-2.0

extension Preset {
    /// The united default: what modules say when a genesis says nothing.
    public static let atoll = Preset(
        name: "atoll", summary: "the united default of all five systems",
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
                // OP-20: a tenth of the stake votes, more than half approves.
                "governance": { "depositMin": "100", "proposerMin": "1000" }
              }
            }
            """)
}
