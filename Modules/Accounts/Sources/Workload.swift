// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Random messages for the simulator: mostly sensible, now and then absurd.
public enum AccountsWorkload {
    /// A transfer to 1 to 4 of the accounts; one in sixteen asks for more than exists.
    public static func message(
        among accounts: [AccountID], using random: inout some RandomNumberGenerator
    ) -> Message {
        var parts: [Transfer.Part] = []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard let account = accounts.randomElement(using: &random) else { break }
            let isAbsurd = Int.random(in: 0..<16, using: &random) == 0
            let amount =
                isAbsurd
                ? Amount(UInt128.max) : Amount(UInt128.random(in: 0...1_000_000, using: &random))
            parts.append(Transfer.Part(to: account, amount))
        }
        return AccountsMessage.transfer(Transfer(parts)).message
    }
}
