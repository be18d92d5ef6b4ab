// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension StakingModule {
    /// A bonded role takes no new duties.
    func pause(
        _ role: Role, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var bond = try known(role, of: sender, in: context)
        guard bond.status == .bonded else {
            throw .staking(.wrongStatus, "only a bond that stands can pause")
        }
        bond.status = .paused
        write(bond, in: context)
        context.emit(.bondChanged, bond)
    }

    /// A role stands again, after a pause, or after jail with enough of a bond (STAKING-1).
    func resume(
        _ role: Role, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var bond = try known(role, of: sender, in: context)
        switch bond.status {
        case .paused: break
        case .jailed(let until):
            guard context.block.time >= until else {
                throw .staking(.tooEarly, "jailed until \(until)")
            }
        case .bonded, .unbonding, .withdrawn, .banned:
            throw .staking(.wrongStatus, "only a pause or jail can end")
        }
        try checkLeast(
            base: bond.base, second: bond.second, terms(of: role, in: context))
        bond.status = .bonded
        write(bond, in: context)
        context.emit(.bondChanged, bond)
    }

    /// Another account signs for the role from now on, or nobody else (PK-33).
    func setSigner(
        _ change: SetSigner, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let bond = try known(change.role, of: sender, in: context)
        let changed = name(change.signer, for: bond, in: context)
        write(changed, in: context)
        context.emit(.bondChanged, changed)
    }

    /// Names a signer, and keeps the one before within reach for as long as the bond would be.
    func name(
        _ signer: AccountID?, for bond: RoleBond, in context: ExecutionContext
    ) -> RoleBond {
        var changed = bond
        let delay = StakingQueries(context).terms(of: bond.role)?.unbonding ?? 0
        if let former = bond.signer, former != signer {
            context.set(
                .staking, StakingKeys.signer(former, of: bond),
                context.block.time.advanced(by: delay).canonicalBytes)
        }
        if let signer {
            context.set(
                .staking, StakingKeys.signer(signer, of: bond), Timestamp(.max).canonicalBytes)
        }
        changed.signer = signer
        return changed
    }
}

extension StakingKeys {
    /// 15, role, account, signer: until when what it signs binds the bond.
    static func signer(_ signer: AccountID, of bond: RoleBond) -> [UInt8] {
        [15, bond.role.rawValue] + bond.account.raw.bytes + signer.raw.bytes
    }
}
