// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Random messages for the simulator: mostly sensible, now and then absurd.
public enum StakingWorkload {
    /// A message that an account may send at any time; the chain decides.
    ///
    /// - Parameters:
    ///   - operators: Whom stake may be put behind.
    ///   - accounts: Who else stakes, so that some settle for others.
    public static func message(
        behind operators: [AccountID], among accounts: [AccountID],
        using random: inout some RandomNumberGenerator
    ) -> Message {
        precondition(!operators.isEmpty && !accounts.isEmpty, "nobody is there")
        func pick(_ list: [AccountID]) -> AccountID {
            list[Int(random.next(upperBound: UInt64(list.count)))]
        }
        func amount() -> Amount {
            switch random.next(upperBound: 12 as UInt64) {
            case 0: return Amount(.max)
            case 1: return Amount(UInt128(random.next(upperBound: 100 as UInt64)))
            default:
                let units = UInt128(random.next(upperBound: 200_000_000_000 as UInt64))
                return Amount(units * 1_000_000_000)
            }
        }
        let compounds = random.next(upperBound: 2 as UInt64) == 0
        let behind = pick(operators)
        let role = Role.allCases[Int(random.next(upperBound: UInt64(Role.allCases.count)))]
        let whole = Amount(whole: random.next(upperBound: 3_000))
        let lock = UInt8(random.next(upperBound: 6 as UInt64))
        let order = StakeOrder(operator: behind, amount: amount(), compounds: compounds)
        let message: StakingMessage =
            switch random.next(upperBound: 24 as UInt64) {
            case 0...5: .delegate(order)
            case 6...8: .undelegate(order)
            case 9, 10: .redelegate(MoveOrder(from: order, to: pick(operators)))
            case 11, 12: .claim(behind)
            case 13: .setCommission(random.next(upperBound: 220_000))
            case 14: .tokenize(behind, shares: amount().units)
            case 15: .redeem(behind, shares: amount().units)
            case 16: .insure(compounds)
            case 17: .settle(owner: pick(accounts), operator: behind)
            case 18: .openBond(OpenBond(role: role, base: whole, lock: lock))
            case 19: .addBond(BondAmounts(role: role, base: whole))
            case 20: .reduceBond(BondAmounts(role: role, base: whole))
            case 21: compounds ? .leave(role) : .breakLock(role)
            case 22: compounds ? .pause(role) : .extendLock(role, lock: lock)
            default: .resume(role)
            }
        return message.message
    }
}
