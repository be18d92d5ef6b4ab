// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension StakingModule {
    /// Changes what an operator keeps of its delegators' rewards: less at once, more by small
    /// steps, announced before they count (STAKING-21).
    func setCommission(
        _ rate: UInt64, of sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard validators.standing(of: sender, in: context) != nil else {
            throw .staking(.unknownOperator, "account \(sender) is no validator")
        }
        let parameters = parameters(in: context)
        guard rate <= parameters.commissionMax else {
            throw .staking(.badCommission, "\(rate) is above the most, \(parameters.commissionMax)")
        }
        var pool = openPool(of: sender, in: context)
        let newest = validators.newestEpoch(in: context)
        let isFree = pool.backing == .zero && pool.stream.left == .zero && pool.leaving == .zero
        if isFree || rate <= pool.commission {
            pool.commission = rate
            if let notice = pool.notice, notice.from > newest { pool.notice = nil }
        } else {
            if let notice = pool.notice,
                newest < notice.from.advanced(by: parameters.commissionEpochs)
            {
                throw .staking(.commissionTooSoon, "a rise counts from epoch \(notice.from) on")
            }
            guard rate - pool.commission <= parameters.commissionStep else {
                throw .staking(
                    .badCommission,
                    "a commission rises by at most \(parameters.commissionStep) at once")
            }
            pool.notice = CommissionNotice(
                partsPerMillion: rate, from: newest.advanced(by: parameters.commissionEpochs))
        }
        write(pool, in: context)
        context.emit(.poolChanged, about: sender.raw, pool.canonicalBytes)
    }

    /// Insures the sender's pool from the next epoch on, or ends it at once (STAKING-22).
    func insure(
        _ isWanted: Bool, _ sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard validators.standing(of: sender, in: context) != nil else {
            throw .staking(.unknownOperator, "account \(sender) is no validator")
        }
        var pool = openPool(of: sender, in: context)
        guard (pool.insuredSince != nil) != isWanted else {
            throw .staking(.wrongStatus, "the pool is so already")
        }
        pool.insuredSince =
            isWanted ? validators.newestEpoch(in: context).advanced(by: 1) : nil
        write(pool, in: context)
        context.emit(.poolChanged, about: sender.raw, pool.canonicalBytes)
    }
}
