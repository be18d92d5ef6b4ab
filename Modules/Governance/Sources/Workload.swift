// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Random messages for the simulator: mostly sensible, now and then absurd.
public enum GovernanceWorkload {
    /// A message that an account may send at any time; the chain decides.
    public static func message(
        among accounts: [AccountID], using random: inout some RandomNumberGenerator
    ) -> Message {
        precondition(!accounts.isEmpty, "nobody is there")
        func draw(_ bound: UInt64) -> UInt64 { random.next(upperBound: bound) }
        let other = accounts[Int(draw(UInt64(accounts.count)))]
        let choice = Choice.allCases[Int(draw(4))]
        let deposit = draw(12) == 0 ? Amount(.max) : Amount(whole: draw(400))
        let message: GovernanceMessage =
            switch draw(14) {
            case 0, 1: .lock(Amount(whole: draw(5_000)))
            case 2: .unlock(Amount(whole: draw(2_000)))
            case 3, 4: .delegate(draw(3) == 0 ? nil : other)
            case 5: .refresh(other)
            case 6: .propose(Draft(kind: .text, title: "an opinion"), deposit: deposit)
            case 7:
                .propose(
                    Draft(
                        kind: .parameter, title: "a figure",
                        changes: [
                            FigureChange(
                                module: .governance, name: "throttle", value: "\(1 + draw(9))")
                        ]), deposit: deposit)
            case 8: .withdraw(draw(9))
            case 9: .signalReady(UInt32(draw(4)), plan: .zero)
            default: .vote(draw(9), choice)
            }
        return message.message
    }
}
