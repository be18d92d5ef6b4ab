// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Stake that others put behind a member: whoever keeps it says here how much it is
/// (VALIDATORS-15). It needs the state alone.
public enum ValidatorBacking {
    /// Notes what stands behind a member now; its place in the ranking follows at once.
    ///
    /// - Returns: False when the account was never a member; nothing has changed then.
    @discardableResult
    public static func set(
        _ amount: Amount, behind account: AccountID, in context: ExecutionContext
    ) -> Bool {
        guard var member = ValidatorsQueries(context).member(of: account) else { return false }
        guard member.backing != amount else { return true }
        member.backing = amount
        ValidatorsModule.write(member, in: context)
        return true
    }
}
