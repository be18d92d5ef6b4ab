// SPDX-License-Identifier: Apache-2.0
import Governance
import JSONText
import Ledger
import LightClient
import Staking
import Vocabulary

/// What an account has at stake in one state.
struct StakesJSON {
    let json: JSON

    init(_ account: AccountID, _ state: any StateReader, _ height: BlockHeight) {
        let queries = StakingQueries(state)
        let delegations = queries.delegations(of: account).map { entry in
            let pool = queries.pool(of: entry.operator)
            return JSON(members: [
                ("operator", JSON(entry.operator)),
                ("steady", JSON(pool?.steady.worth(of: entry.delegation.steady) ?? .zero)),
                (
                    "compounding",
                    JSON(pool?.compounding.worth(of: entry.delegation.compounding) ?? .zero)
                ), ("compoundingShares", JSON(Amount(entry.delegation.compounding))),
                (
                    "reward",
                    JSON(queries.reward(of: account, behind: entry.operator, at: height))
                ),
            ])
        }
        let bonds = Role.allCases.compactMap { queries.bond($0, of: account) }
        let governance = GovernanceQueries(state)
        let power = governance.power(of: account, at: height)
        json = JSON(members: [
            ("account", JSON(account)), ("delegations", .array(delegations)),
            ("bonds", .array(bonds.map { JSON($0) })),
            ("lockedForVotes", JSON(governance.lock(of: account)?.amount ?? .zero)),
            ("power", JSON(power.own)), ("receivedPower", JSON(power.received)),
            ("delegate", power.delegate.map { JSON($0) }),
        ])
    }
}

extension JSON {
    /// Another version of the rules.
    init(upgrade: Upgrade) {
        self = JSON(members: [
            ("version", JSON(upgrade.version)), ("epoch", JSON(upgrade.epoch)),
            ("digest", JSON(upgrade.digest)),
        ])
    }

    /// A proposal.
    init(_ proposal: Proposal, number: UInt64) {
        let draft = proposal.draft
        self = JSON(members: [
            ("number", JSON(number)), ("kind", .string("\(draft.kind)")),
            ("title", .string(draft.title)), ("text", JSON(draft.text)),
            ("proposer", JSON(proposal.proposer)), ("stage", .string("\(proposal.stage)")),
            ("since", JSON(proposal.since)), ("ends", JSON(proposal.ends)),
            ("snapshot", JSON(proposal.snapshot)), ("deposit", JSON(proposal.deposit)),
            ("upgrade", draft.upgrade.map { JSON(upgrade: $0) }),
            (
                "changes",
                .array(
                    draft.changes.map { change in
                        JSON(members: [
                            ("module", .string(ModuleName.of(change.module))),
                            ("name", .string(change.name)), ("value", .string(change.value)),
                        ])
                    })
            ), ("messages", JSON(draft.messages.count)),
            (
                "acts",
                .array(draft.messages.map { JSON(message: $0) })
            ),
            (
                "tallies",
                .array(
                    proposal.tallies.map { tally in
                        JSON(members: [
                            ("yes", JSON(Amount(tally.yes))), ("no", JSON(Amount(tally.no))),
                            ("abstain", JSON(Amount(tally.abstain))),
                            ("veto", JSON(Amount(tally.veto))),
                            ("total", JSON(Amount(tally.total))),
                        ])
                    })
            ),
        ])
    }
}

extension JSON {
    /// One key as a proposal would change it.
    init(change: StateChange) {
        self = JSON(members: [
            ("module", .string(ModuleName.of(change.module))),
            ("key", .string(Hexadecimal.encode(change.key))),
            ("before", change.before.map { .string(Hexadecimal.encode($0)) }),
            ("after", change.after.map { .string(Hexadecimal.encode($0)) }),
            ("words", Self.words(of: change).map { .string($0) }),
        ])
    }

    /// What a change is for people, where it is one of balances.
    private static func words(of change: StateChange) -> String? {
        guard case .balance(let account, let asset) = StateSubject(change.module, key: change.key)
        else { return nil }
        func amount(_ bytes: [UInt8]?) -> Amount {
            bytes.flatMap { try? Amount(canonicalBytes: $0) } ?? .zero
        }
        return "account \(account) has \(amount(change.after)) of asset \(asset) instead of "
            + "\(amount(change.before))"
    }
}
