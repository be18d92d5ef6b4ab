// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Staking
import Vocabulary

extension EventReading {
    /// Reads an event of bonds, delegations and rewards.
    init?(staking event: Event) {
        guard let kind = StakingEventKind(rawValue: event.kind) else { return nil }
        self.init(name: "\(kind)")
        switch kind {
        case .bondChanged, .bondReturned:
            guard let bond = try? RoleBond(canonicalBytes: event.payload) else { return nil }
            accounts = [bond.account]
            members = [("bond", JSON(bond))]
        case .bondSlashed:
            guard let loss = try? BondLoss(canonicalBytes: event.payload) else { return nil }
            accounts = [AccountID(event.subject)]
            members = [
                ("role", .string("\(loss.role)")), ("cause", .string(loss.cause)),
                ("base", JSON(loss.base)), ("second", JSON(loss.second)),
            ]
        case .delegated, .undelegated, .redelegated, .rewardClaimed, .poolPunished, .stakeReturned,
            .tokenized, .redeemed, .settled:
            guard let note = try? StakeNote(canonicalBytes: event.payload) else { return nil }
            accounts = note.owner == note.operator ? [note.owner] : [note.owner, note.operator]
            members = [
                ("owner", JSON(note.owner)), ("operator", JSON(note.operator)),
                ("amount", JSON(note.amount)), ("other", JSON(note.other)),
            ]
        case .poolChanged:
            guard let pool = try? Pool(canonicalBytes: event.payload) else { return nil }
            accounts = [pool.operator]
            members = [("pool", JSON(pool))]
        case .rewardsShared:
            guard let share = try? RewardShare(canonicalBytes: event.payload) else { return nil }
            members = [
                ("epoch", JSON(share.epoch)), ("released", JSON(share.released)),
                ("penalties", JSON(share.penalties)), ("seats", JSON(share.seats)),
            ]
        }
    }
}
