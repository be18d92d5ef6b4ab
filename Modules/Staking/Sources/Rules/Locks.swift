// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension StakingModule {
    /// Chooses a lock that ends no sooner and counts no less (STAKING-10).
    func extendLock(
        _ role: Role, to lock: UInt8, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var bond = try known(role, of: sender, in: context)
        switch bond.status {
        case .bonded, .paused, .jailed: break
        case .unbonding, .withdrawn, .banned:
            throw .staking(.wrongStatus, "a bond that leaves has no lock")
        }
        guard Int(lock) < LockTerms.table.count, lock >= bond.lock else {
            throw .staking(.badLock, "the lock is \(bond.lock) of \(LockTerms.table.count) now")
        }
        let until = context.block.time.advanced(by: LockTerms.table[Int(lock)].milliseconds)
        guard until >= bond.lockedUntil else {
            throw .staking(.badLock, "the present lock ends at \(bond.lockedUntil)")
        }
        bond.lock = lock
        bond.lockedUntil = until
        write(bond, in: context)
        context.emit(.bondChanged, bond)
    }

    /// Ends a lock now for a part of the bond; the delay of coming back stays (STAKING-11).
    func breakLock(
        _ role: Role, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var bond = try known(role, of: sender, in: context)
        switch bond.status {
        case .bonded, .paused: break
        case .jailed, .unbonding, .withdrawn, .banned:
            throw .staking(.wrongStatus, "only the lock of a bond that stands can be broken")
        }
        guard context.block.time < bond.lockedUntil else {
            throw .staking(.badLock, "the lock has ended")
        }
        let price = Self.share(bond.base, parameters(in: context).earlyExitPartsPerMillion)
        forfeit(price, from: .bond(role, sender), in: context)
        bond.base = bond.base.subtracting(price) ?? .zero
        // The votes it counted for go with the lock; the longer way back stays.
        bond.lockedUntil = context.block.time
        if try bond.base < terms(of: role, in: context).baseMin { bond.status = .paused }
        write(bond, in: context)
        context.emit(.bondChanged, bond)
    }
}
