// SPDX-License-Identifier: Apache-2.0
import Accounts
import Ledger
import Market
import NodeInterface
import Registry
import Reputation
import Testing
import Vocabulary

/// Where the money is.
extension SimulatedCloud {
    /// A provider as the registry has it.
    func provider(_ account: AccountID, at name: String = "gateway-1") throws -> Provider? {
        try read(at: name) { state, _ in
            state.value(.registry, RegistryKeys.provider(account)).flatMap {
                try? Provider(canonicalBytes: $0)
            }
        }
    }

    /// A provider's record.
    func standing(_ account: AccountID, at name: String = "gateway-1") throws -> Standing {
        try read(at: name) { state, _ in ReputationModule().standing(of: account, in: state) }
    }

    /// What all transactions of one account have cost in fees, from the blocks.
    func fees(of account: AccountID, at name: String = "gateway-1") throws -> Amount {
        let node = try node(name)
        let outcomes = try on(name) { () -> [TransactionOutcome] in
            // One that was given to two lanes lies in two blocks, and is executed once.
            var hashes: Set<Digest> = []
            var height = BlockHeight(1)
            while true {
                let blocks = await node.finalBlocks(from: height, count: 64)
                guard let last = blocks.last else { break }
                for block in blocks {
                    hashes.formUnion(
                        block.transactions.filter { $0.transaction.account == account }
                            .map(\.hash))
                }
                height = last.block.header.height.advanced(by: 1)
            }
            var outcomes: [TransactionOutcome] = []
            for hash in hashes.sorted() {
                if let outcome = await node.outcome(of: hash) { outcomes.append(outcome) }
            }
            return outcomes
        }
        return outcomes.reduce(.zero) { $0.adding($1.feeCharged) ?? Amount(.max) }
    }

    /// What an account was paid for work: what it has beyond its funds, bond and fees.
    func earned(_ member: Member, at name: String = "gateway-1") throws -> Amount {
        let bond = try provider(member.account, at: name).map { $0.bond.adding($0.slashed) }
        let spent = try fees(of: member.account, at: name).adding((bond ?? .zero) ?? .zero)
        let balance = try balance(of: member.account, at: name)
        let whole = balance.adding(spent ?? .zero)
        return try #require(whole?.subtracting(Self.funds))
    }

    /// What the client spent on jobs: all it lost beyond fees.
    func spent(at name: String = "gateway-1") throws -> Amount {
        let left = try balance(of: clientAccount, at: name)
            .adding(fees(of: clientAccount, at: name))
        return try #require(left.flatMap { Self.funds.subtracting($0) })
    }

    /// Balances, bonds and escrows add up to the supply, and the supply to what it was without
    /// what was burnt of slashed bonds.
    func expectConservation(at name: String = "gateway-1") throws {
        let accounts = [clientAccount] + members.map(\.account)
        let balances = try accounts.reduce(Amount.zero) {
            try #require($0.adding(try balance(of: $1, at: name)))
        }
        var bonds = Amount.zero
        var slashed = Amount.zero
        for member in providers {
            guard let provider = try provider(member.account, at: name) else { continue }
            bonds = try #require(bonds.adding(provider.bond))
            slashed = try #require(slashed.adding(provider.slashed))
        }
        let (supply, escrows) = try read(at: name) { state, _ in
            let orders = MarketQueries(state).liveOrders().items
            return (
                AccountsModule().asset(.native, in: state)?.supply ?? .zero,
                orders.reduce(UInt128(0)) { $0 + $1.terms.maxCost.units }
            )
        }
        #expect(balances.units + bonds.units + escrows == supply.units)
        let first = Self.funds.units * UInt128(1 + providers.count)
        let burnt = first - supply.units
        #expect(burnt <= slashed.units, "nothing is burnt but slashed bonds")
    }
}
