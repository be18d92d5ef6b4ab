// SPDX-License-Identifier: Apache-2.0
import Accounts
import Ledger
import NodeInterface
import Staking
import Validators
import Vocabulary

/// What is checked once, when everything has come to rest.
struct Audit {
    let fleet: Fleet
    /// How many base units the payee was paid.
    let paid: Int
    /// Whether nothing kept anybody from hearing everything.
    let isFair: Bool

    /// How many blocks are read at once.
    private static let pageMax = 64
    /// What an answer may take in the world's time.
    private static let answerMilliseconds: UInt64 = 10_000

    /// An offence at the very end may not have been heard of yet.
    private static let crimesUnseenMax = 3

    /// Goes through every node, then through the whole history.
    func run() {
        var offences: [PublicKey: UInt64] = [:]
        for (name, node, _) in fleet.running {
            reread(node, name)
            if let status = answer(name, { await node.status() }) {
                fleet.judge.saw(status, of: name)
                for offence in status.offences {
                    offences[offence.publicKey] = max(
                        offences[offence.publicKey] ?? 0,
                        offence.votes + offence.proposals + offence.batches)
                }
            }
            count(node, name)
        }
        convict(offences)
        consultOracle()
    }

    /// What villains did before all eyes is proved: all of it in fair weather, and some of it
    /// after the worst.
    private func convict(_ offences: [PublicKey: UInt64]) {
        for (member, villainy, crimes) in fleet.offenders {
            let epochs = crimes.epochs.filter { $0.value > Self.crimesUnseenMax }.keys.sorted()
            if isFair, !epochs.isEmpty { expectPunishment(of: member, in: epochs) }
            let proved = Int(offences[member.key.publicKey] ?? 0)
            // A lane whose owner is known to fork it is not looked at again in its epoch.
            let needed = villainy.breaksLanes ? epochs.count : crimes.count - Self.crimesUnseenMax
            let isDue = villainy.breaksLanes ? !epochs.isEmpty : needed > 0
            guard isFair ? proved < needed : proved == 0 && isDue else { continue }
            fleet.judge.accuse(
                .evidence,
                "\(member.name), \(villainy.rawValue), offended \(crimes.count) times; the best "
                    + "informed node can prove \(proved)")
        }
    }

    /// What is proved is handed in, and everybody's state says so: of one epoch at least, for who
    /// is jailed has no seat to offend from in the next.
    private func expectPunishment(of member: Member, in epochs: [Epoch]) {
        let keys = epochs.map { ValidatorsKeys.offence(of: member.account, in: $0) }
        for (name, node, _) in fleet.running {
            let isPunished = answer(name) {
                await node.read { state, _ in
                    keys.contains { state.value(.validators, $0) != nil }
                }
            }
            if isPunished != true {
                fleet.judge.accuse(.evidence, "\(name)'s state does not punish \(member.name)")
            }
        }
    }

    private func consultOracle() {
        guard fleet.judge.failure == nil, let root = fleet.judge.stateRoot else { return }
        let oracle = Oracle(genesis: fleet.genesis, history: fleet.judge.history)
        // A machine of its own, and another for another audit.
        let name = "oracle-\(fleet.world.eventCount)"
        let effects = fleet.world.makeNode(name)
        let answer = fleet.world.run(
            on: name, effects, withinMilliseconds: Self.answerMilliseconds
        ) { effects in await oracle.examine(effects, root: root) }
        switch answer {
        case nil: fleet.judge.accuse(.stateRoots, "the oracle does not come to an end")
        case .some(let fault):
            if let fault { fleet.judge.accuse(.stateRoots, fault) }
        }
    }

    private func answer<Value: Sendable>(
        _ name: String, _ body: @escaping @Sendable () async -> Value
    ) -> Value? {
        guard let effects = fleet.lives[name]?.effects else { return nil }
        let value = fleet.world.run(
            on: name, effects, withinMilliseconds: Self.answerMilliseconds
        ) { _ in await body() }
        if value == nil { fleet.judge.accuse(.progress, "\(name) does not answer") }
        return value
    }

    /// The log on the disk is the history everybody has.
    private func reread(_ node: any NodeAccess, _ name: String) {
        var height: UInt64 = 1
        while true {
            let from = BlockHeight(height)
            let page = answer(name) { await node.finalBlocks(from: from, count: Self.pageMax) }
            guard let page, let last = page.last else { break }
            let epoch = last.block.header.epoch
            if fleet.judge.newestEpoch < epoch {
                _ = answer(name) { await fleet.inform(node, name, of: epoch) }
            }
            fleet.judge.reread(page, from: height, of: name)
            height += UInt64(page.count)
        }
        let known = fleet.judge.heights[name] ?? 0
        if height <= known {
            fleet.judge.accuse(
                .oneHistory, "\(name)'s log ends before \(height), it has executed \(known)")
        }
    }

    /// Nothing is made or lost, and every payment was made once.
    private func count(_ node: any NodeAccess, _ name: String) {
        let accounts =
            [Payments.payee] + fleet.owners
            + fleet.members.filter { !$0.isTwin }.map(\.account).filter {
                !fleet.owners.contains($0)
            }
        let sums = answer(name) {
            await node.read { state, _ in
                let balances = accounts.map {
                    AccountsModule().balance(of: $0, in: state).units
                }
                let members = ValidatorsQueries(state).members()
                let supply = AccountsModule().asset(.native, in: state)?.supply.units ?? 0
                let stakes = StakingQueries(state)
                // What offences cost is partly on its way to honest validators (STAKING-7).
                let purses: [Purse] =
                    [.budget, .penalties, .insurance]
                    + stakes.pools().flatMap {
                        [.stake($0.operator), .rewards($0.operator), .leaving($0.operator)]
                    }
                let held = purses.map { purse in
                    let key = EscrowKey(module: .staking, id: purse.id)
                    return AccountsModule().escrow(key, in: state)?.amount.units ?? 0
                }
                return (
                    all: (balances + members.map(\.bond.units) + held).reduce(0, &+),
                    payee: balances[0], supply: supply,
                    slashed: members.reduce(0 as UInt128) { $0 + $1.slashed.units }
                )
            }
        }
        guard let sums else { return }
        let first = fleet.supply.units
        let burnt = first &- sums.supply
        if sums.supply > first || burnt > sums.slashed || sums.all != sums.supply {
            fleet.judge.accuse(
                .money,
                "\(name) has \(sums.all) base units in accounts and bonds, a supply of "
                    + "\(sums.supply) and \(sums.slashed) slashed; there were \(first)")
        }
        // A machine that nobody promises a quiet life may be behind, and never ahead.
        let isBehind = fleet.judge.isCareless(name) && sums.payee < UInt128(paid)
        if sums.payee != UInt128(paid), !isBehind {
            fleet.judge.accuse(
                .payments, "\(paid) payments of one base unit were made, \(name) has \(sums.payee)")
        }
    }
}
