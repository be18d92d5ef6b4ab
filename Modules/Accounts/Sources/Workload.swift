// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Random messages for the simulator: mostly sensible, now and then absurd.
public enum AccountsWorkload {
    /// A transfer of 1 to 4 parts to the accounts; one part in sixteen asks for more than exists.
    public static func message(
        among accounts: [AccountID], using random: inout some RandomNumberGenerator
    ) -> Message {
        precondition(!accounts.isEmpty, "nobody is there")
        var parts: [Transfer.Part] = []
        for _ in 0...random.next(upperBound: 4 as UInt64) {
            let index = Int(random.next(upperBound: UInt64(accounts.count)))
            let isAbsurd = random.next(upperBound: 16 as UInt64) == 0
            let units = UInt128(random.next(upperBound: 1_000_000 as UInt64))
            parts.append(
                Transfer.Part(to: accounts[index], Amount(isAbsurd ? .max : units)))
        }
        return AccountsMessage.transfer(Transfer(parts)).message
    }
}
