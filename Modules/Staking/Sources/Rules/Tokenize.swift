// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension StakingModule {
    /// Turns compounding shares of the sender into an asset that can be sent; an offence of the
    /// operator costs it as it costs every share (STAKING-20).
    func tokenize(
        _ shares: UInt128, of account: AccountID, for sender: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        var pool = try poolWithStake(of: sender, behind: account, in: context)
        var delegation = openDelegation(of: sender, in: &pool, in: context)
        guard shares > 0, shares <= delegation.compounding else {
            throw .staking(
                .amountTooLarge, "there are \(delegation.compounding) compounding shares")
        }
        try checkRipe(shares, of: delegation, true, sender, account, in: context)
        let number = pool.liquid ?? nextAsset(in: context)
        pool.liquid = number
        delegation.compounding -= shares
        pool.liquidShares += shares
        try bank.issue(
            Amount(shares), of: ModuleID.staking.asset(number), symbol: "ST\(number)", to: sender,
            in: context)
        write(delegation, of: sender, behind: account, in: context)
        write(pool, in: context)
        context.emit(
            .tokenized, StakeNote(owner: sender, operator: account, amount: Amount(shares)))
    }

    /// Turns the asset into compounding shares again, whoever had made it (STAKING-20).
    func redeem(
        _ shares: UInt128, of account: AccountID, for sender: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        guard StakingQueries(context).pool(of: account)?.liquid != nil else {
            throw .staking(.notLiquid, "the shares of \(account) have no asset")
        }
        var pool = openPool(of: account, in: context)
        guard shares > 0, shares <= pool.liquidShares, let number = pool.liquid else {
            throw .staking(.amountTooLarge, "there are \(pool.liquidShares) shares as an asset")
        }
        try bank.redeem(
            Amount(shares), of: ModuleID.staking.asset(number), from: sender, in: context)
        pool.liquidShares -= shares
        var delegation = openDelegation(of: sender, in: &pool, in: context)
        delegation.compounding += shares
        write(delegation, of: sender, behind: account, in: context)
        write(pool, in: context)
        context.emit(
            .redeemed, StakeNote(owner: sender, operator: account, amount: Amount(shares)))
    }

    private func nextAsset(in context: ExecutionContext) -> UInt32 {
        count(in: context) { clock in
            defer { clock.assets += 1 }
            return clock.assets
        }
    }
}
