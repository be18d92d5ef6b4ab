// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension TreasuryModule {
    /// Makes a pool (TREASURY-3).
    @discardableResult
    func createPool(
        _ name: String, owner: AccountID, in context: ExecutionContext
    ) throws(Refusal) -> UInt64 {
        let hasControls = name.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
        guard (1...TreasuryPool.nameBytesMax).contains(name.utf8.count), !hasControls else {
            throw .treasury(.badName, "a name has 1 to \(TreasuryPool.nameBytesMax) plain bytes")
        }
        let number = next(.pools, in: context)
        write(TreasuryPool(name: name, owner: owner), number, in: context)
        context.emit(.poolChanged, TreasuryNote(number, owner))
        return number
    }

    private func write(_ pool: TreasuryPool, _ number: UInt64, in context: ExecutionContext) {
        context.set(.treasury, TreasuryKeys.pool(number), pool.canonicalBytes)
    }

    /// Gives a pool to another owner.
    func setOwner(
        _ owner: AccountID, of number: UInt64, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var pool = try own(number, by: sender, in: context)
        pool.owner = owner
        write(pool, number, in: context)
        context.emit(.poolChanged, TreasuryNote(number, owner))
    }

    /// Puts something into a pool.
    func deposit(
        _ amount: Amount, of asset: AssetID, into number: UInt64, from sender: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        guard TreasuryQueries(context).pool(number) != nil else {
            throw .treasury(.unknown, "there is no pool \(number)")
        }
        try checkAmount(amount)
        try bank.deposit(
            amount, from: sender, into: Chest(.pool(number), asset), in: context)
        context.emit(.deposited, TreasuryNote(number, sender, amount, of: asset))
    }

    /// Pays out of a pool, within its limits (TREASURY-4).
    func spend(
        _ payments: [Payment], from number: UInt64, by sender: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        _ = try own(number, by: sender, in: context)
        guard !payments.isEmpty else { throw .treasury(.badMessages, "nothing is paid") }
        for payment in payments {
            try checkAmount(payment.amount)
            try count(payment.amount, of: payment.asset, out: number, in: context)
            try bank.pay(
                payment.amount, from: Chest(.pool(number), payment.asset), to: payment.to,
                in: context)
            context.emit(
                .spent, TreasuryNote(number, payment.to, payment.amount, of: payment.asset))
        }
    }

    /// Limits what a pool spends: less at once, more only after a whole period (TREASURY-4).
    func setLimit(
        _ amount: Amount, of asset: AssetID, each period: UInt64, _ number: UInt64,
        by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        _ = try own(number, by: sender, in: context)
        guard (1...Schedule.timeMax).contains(period) else {
            throw .treasury(.badPeriod, "a period lasts up to a hundred years")
        }
        let now = context.block.time
        var limit =
            TreasuryQueries(context).limit(of: number, asset)
            ?? OutflowLimit(amount: amount, period: period, start: now)
        limit.enter(now)
        let isLower = amount <= limit.amount && period >= limit.period
        if isLower {
            (limit.amount, limit.period, limit.raised) = (amount, period, nil)
        } else {
            // The period stays with a higher amount, so that nothing doubles by shortening it.
            guard period >= limit.period else {
                throw .treasury(.badPeriod, "a period is never shortened")
            }
            limit.raised = amount
            limit.raisedFrom = now.advanced(by: limit.period)
        }
        context.set(.treasury, TreasuryKeys.limit(number, asset), limit.canonicalBytes)
        context.emit(.limitChanged, TreasuryNote(number, sender, amount, of: asset))
    }

    /// A pool that the sender owns.
    func own(
        _ number: UInt64, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) -> TreasuryPool {
        guard let pool = TreasuryQueries(context).pool(number) else {
            throw .treasury(.unknown, "there is no pool \(number)")
        }
        guard pool.owner == sender else {
            throw .treasury(.notAllowed, "pool \(number) is not account \(sender)'s")
        }
        return pool
    }

    func checkAmount(_ amount: Amount) throws(Refusal) {
        guard amount > .zero else { throw .treasury(.zeroAmount, "nothing is asked for") }
    }

    /// Counts what leaves a pool against its limit.
    func count(
        _ amount: Amount, of asset: AssetID, out number: UInt64, in context: ExecutionContext
    ) throws(Refusal) {
        guard var limit = TreasuryQueries(context).limit(of: number, asset) else { return }
        limit.enter(context.block.time)
        guard let spent = limit.spent.adding(amount), spent <= limit.amount else {
            throw .treasury(
                .outflowExceeded,
                "\(limit.spent) of \(limit.amount) are spent in the period since \(limit.start)")
        }
        limit.spent = spent
        context.set(.treasury, TreasuryKeys.limit(number, asset), limit.canonicalBytes)
    }

    /// Takes an amount from its source, which is the sender or a pool of the sender's.
    func take(
        _ amount: Amount, of asset: AssetID, from source: Source, by sender: AccountID,
        into chest: Chest, in context: ExecutionContext
    ) throws(Refusal) {
        try checkAmount(amount)
        switch source {
        case .account(let account):
            guard account == sender else {
                throw .treasury(.notAllowed, "account \(account) did not sign")
            }
            try bank.deposit(amount, from: sender, into: chest, in: context)
        case .pool(let number):
            _ = try own(number, by: sender, in: context)
            try count(amount, of: asset, out: number, in: context)
            try bank.move(
                amount, from: Chest(.pool(number), asset), into: chest, in: context)
        }
    }

    /// Gives an amount that this module knows to be in a chest.
    func give(
        _ amount: Amount, from chest: Chest, to receiver: Source, in context: ExecutionContext
    ) {
        do {
            switch receiver {
            case .account(let account):
                try bank.pay(amount, from: chest, to: account, in: context)
            case .pool(let number):
                try bank.move(
                    amount, from: chest, into: Chest(.pool(number), chest.asset), in: context)
            }
        } catch {
            preconditionFailure("a chest holds what its record says: \(error)")
        }
    }

    /// The next number of a kind.
    func next(_ counter: Counter, in context: ExecutionContext) -> UInt64 {
        let key = TreasuryKeys.counter(counter.rawValue)
        let number: Timestamp =
            TreasuryQueries.decoded(context.value(.treasury, key))
            ?? Timestamp(0)
        context.set(.treasury, key, number.advanced(by: 1).canonicalBytes)
        return number.value
    }
}
