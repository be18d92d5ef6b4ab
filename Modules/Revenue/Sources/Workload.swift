// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Random messages for the simulator: mostly sensible, now and then absurd.
public enum RevenueWorkload {
    /// A message that an account may send at any time; the chain decides.
    public static func message(
        among accounts: [AccountID], using random: inout some RandomNumberGenerator
    ) -> Message {
        precondition(!accounts.isEmpty, "nobody is there")
        let account = accounts[Int(random.next(upperBound: UInt64(accounts.count)))]
        let isNobody = random.next(upperBound: 4 as UInt64) == 0
        return RevenueMessage.nameOrchestrator(isNobody ? nil : account).message
    }
}
