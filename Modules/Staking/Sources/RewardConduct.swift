// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import Vocabulary

/// What a seat's conduct makes of its share of an epoch's rewards (STAKING-26, STAKING-27).
struct RewardConduct {
    /// What its weight counts as, in millionths: a million and the bonuses.
    let weighs: UInt64
    /// What of its share is paid, in millionths.
    let pays: UInt64

    init(
        _ conduct: SeatConduct, in epoch: Epoch, _ lengths: EpochLengths,
        _ parameters: StakingParameters
    ) {
        let isThere = conduct.uptime.map { $0 >= parameters.uptimeBonusFrom } ?? false
        let old = Self.lastOld(in: epoch, lengths, parameters)
        let isNew = conduct.since.map { $0 > old } ?? false
        weighs =
            StakingParameters.million + (isThere ? parameters.uptimeBonus : 0)
            + (conduct.hasVoted ? parameters.governanceBonus : 0)
            + (isNew ? parameters.onboardingBonus : 0)
        pays = conduct.uptime.map { Self.paid(at: $0, parameters) } ?? StakingParameters.million
    }

    /// The last height at which members joined that are not new any more; those of the genesis
    /// never are.
    private static func lastOld(
        in epoch: Epoch, _ lengths: EpochLengths, _ parameters: StakingParameters
    ) -> BlockHeight {
        guard epoch.value >= parameters.onboardingEpochs else { return BlockHeight(0) }
        return lengths.cut(of: Epoch(epoch.value - parameters.onboardingEpochs))
    }

    private static func paid(at uptime: UInt64, _ parameters: StakingParameters) -> UInt64 {
        if uptime >= parameters.uptimeFull { return StakingParameters.million }
        if uptime >= parameters.uptimeHigh { return parameters.uptimeHighPays }
        return uptime >= parameters.uptimeLow ? parameters.uptimeLowPays : 0
    }
}
