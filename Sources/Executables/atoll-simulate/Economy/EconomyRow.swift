// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The figures of an economy at the end of a month. Amounts are whole units, rounded down; shares
/// are millionths.
struct EconomyRow: Hashable {
    let day: UInt64
    /// All that exists.
    let supply: UInt64
    /// What is neither in the budget, nor in the treasury, nor promised to somebody for later.
    let circulating: UInt64
    /// What is bonded by validators and put behind them.
    let staked: UInt64
    /// What is left to be released as rewards.
    let budget: UInt64
    /// What governance's treasuries hold.
    let treasury: UInt64
    /// What was burnt since the beginning.
    let burnt: UInt64
    /// What the month's rewards come to in a year, of what is staked.
    let yield: UInt64
    /// Fees of the month.
    let fees: UInt64
    /// Offences since the beginning.
    let offences: UInt64
    /// Payments of the treasury that were voted and done since the beginning.
    let payments: UInt64
    /// What must be bought and put at stake for a third of the weight; all of it is lost with the
    /// attack, for a third that offends together loses everything.
    let haltCost: UInt64
    /// What must be bought and locked to decide a payment of the treasury against everybody who
    /// usually votes; nothing where stake does not decide.
    let voteCost: UInt64?
    /// What such a decision could take: what may leave the treasuries in one period of their
    /// limits, all of it where there is none.
    let voteGain: UInt64

    /// What is staked of what circulates.
    var stakingRatio: UInt64 {
        circulating == 0 ? 0 : UInt64(UInt128(staked) * 1_000_000 / UInt128(circulating))
    }

    static let header =
        "day,supply,circulating,staked,stakingRatio,budget,treasury,burnt,yield,fees,offences,"
        + "payments,haltCost,voteCost,voteGain"

    /// One line; shares are per cent with two decimals.
    var line: String {
        let cells = [
            "\(day)", "\(supply)", "\(circulating)", "\(staked)", Self.percent(stakingRatio),
            "\(budget)", "\(treasury)", "\(burnt)", Self.percent(yield), "\(fees)", "\(offences)",
            "\(payments)", "\(haltCost)", voteCost.map { "\($0)" } ?? "", "\(voteGain)",
        ]
        return cells.joined(separator: ",")
    }

    /// Millionths as per cent with two decimals, rounded down.
    static func percent(_ millionths: UInt64) -> String {
        let hundredths = millionths / 100
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
