// SPDX-License-Identifier: Apache-2.0
import Accounts
import Consensus
import Ledger
import LightClient
import Market
import StateTree
import Testing
import Vocabulary

@Suite("What the state holds is believed when a certified root shows it")
struct ValueTests {
    @Test("a balance and a nonce are proven, with the block that vouches for them (LIGHT-6)")
    func account() throws {
        let town = try Town()
        let file = try town.chain.file([town.balanceKey, town.nonceKey])
        let (amount, header) = try town.chain.verifier.balance(of: town.rich, in: file)
        #expect(amount == Amount(whole: 12))
        #expect(header.header.height == BlockHeight(11))
        #expect(try town.chain.verifier.nonce(of: town.rich, in: file).nonce == 7)
    }

    @Test("that an account has nothing is proven too (LIGHT-5)")
    func stranger() throws {
        let town = try Town()
        let file = try town.chain.file([
            AccountsKeys.balance(of: town.stranger, .native),
            AccountsKeys.nonce(of: town.stranger),
            AccountsKeys.balance(of: town.rich, AssetID(3)),
        ])
        let verifier = town.chain.verifier
        #expect(try verifier.balance(of: town.stranger, in: file).amount == .zero)
        #expect(try verifier.nonce(of: town.stranger, in: file).nonce == 0)
        #expect(try verifier.balance(of: town.rich, AssetID(3), in: file).amount == .zero)
        #expect(file.sections[0].entries.allSatisfy { $0.value == nil })
    }

    @Test("in an empty state everything is absent")
    func empty() throws {
        let chain = try TrustedChain(validators: 4)
        let account = TrustedChain.account(1)
        let file = try chain.file([AccountsKeys.balance(of: account, .native)])
        #expect(try chain.verifier.balance(of: account, in: file).amount == .zero)
    }

    @Test("another value, a hidden value and an invented value are refused (LIGHT-5)")
    func lies() throws {
        let town = try Town()
        let honest = town.chain.entry(.accounts, town.balanceKey)
        let absent = town.chain.entry(.accounts, AccountsKeys.balance(of: town.stranger, .native))
        func file(_ entry: ProofEntry, value: [UInt8]?) throws -> ProofFile {
            try town.chain.file([
                ProofEntry(module: entry.module, key: entry.key, value: value, proof: entry.proof)
            ])
        }
        let height = BlockHeight(11)
        #expect(throws: LightFailure.notInState(height, .otherValue)) {
            try town.chain.verifier.verify(file(honest, value: Amount(1).canonicalBytes))
        }
        #expect(throws: LightFailure.notInState(height, .present)) {
            try town.chain.verifier.verify(file(honest, value: nil))
        }
        #expect(throws: LightFailure.notInState(height, .absent)) {
            try town.chain.verifier.verify(file(absent, value: Amount(1).canonicalBytes))
        }
    }

    @Test("a proof of one account shows nothing of another")
    func swapped() throws {
        let town = try Town()
        let other = town.chain.entry(
            .accounts, AccountsKeys.balance(of: TrustedChain.account(100), .native))
        let file = try town.chain.file([
            ProofEntry(
                module: .accounts, key: town.balanceKey, value: other.value, proof: other.proof)
        ])
        #expect(throws: LightFailure.self) { try town.chain.verifier.verify(file) }
        let honest = try town.chain.file([other])
        #expect(throws: LightFailure.notInFile(.accounts, key: town.balanceKey)) {
            try town.chain.verifier.balance(of: town.rich, in: honest)
        }
    }

    @Test("a value of one module is not one of another with the same key")
    func otherModule() throws {
        let town = try Town()
        let entry = town.chain.entry(.accounts, town.balanceKey)
        let file = try town.chain.file([
            ProofEntry(
                module: .market, key: entry.key, value: entry.value, proof: entry.proof)
        ])
        #expect(throws: LightFailure.self) { try town.chain.verifier.verify(file) }
    }

    @Test("the balance of an old block is not passed off as that of a later one")
    func stale() throws {
        var town = try Town()
        let old = town.chain.entry(.accounts, town.balanceKey)
        town.chain.fund(town.rich, Amount(whole: 1), nonce: 8)
        let file = try town.chain.file([old])
        #expect(throws: LightFailure.self) { try town.chain.verifier.verify(file) }
    }

    @Test("a proven value that is no amount is named as unreadable")
    func unreadable() throws {
        var town = try Town()
        town.chain.set(.accounts, town.balanceKey, [1, 2, 3])
        let file = try town.chain.file([town.balanceKey])
        #expect(throws: LightFailure.unreadable(.truncated(missing: 13))) {
            try town.chain.verifier.balance(of: town.rich, in: file)
        }
    }

    // MARK: Receipts

    @Test("a receipt is proven by the same file, and so is that a job has none (LIGHT-7)")
    func receipt() throws {
        var town = try Town()
        let job = TrustedChain.job(1)
        let bytes = ExpiredOrder(chain: town.chain.genesis.chain, job: job).bytes
        town.chain.set(.market, MarketKeys.receipt(job), bytes)
        let file = try town.chain.file([
            town.chain.entry(.market, MarketKeys.receipt(job)),
            town.chain.entry(.market, MarketKeys.receipt(TrustedChain.job(2))),
        ])
        let statements = try town.chain.verifier.verify(file).map { try $0.statement() }
        #expect(statements[0] == .receipt(job, try Receipt(canonicalBytes: bytes)))
        #expect(statements[1] == .noReceipt(TrustedChain.job(2)))
    }

    @Test("a proven receipt of another job or chain, of the future, or with wrong sums is unsound")
    func unsoundReceipts() throws {
        let chain = try Town().chain.genesis.chain
        let job = TrustedChain.job(1)
        let bad = [
            ExpiredOrder(chain: chain, job: TrustedChain.job(2)),
            ExpiredOrder(chain: ChainID(.zero), job: job),
            ExpiredOrder(chain: chain, job: job, endedAt: 11),
            ExpiredOrder(chain: chain, job: job, refund: 499),
        ]
        for order in bad {
            var town = try Town()
            town.chain.set(.market, MarketKeys.receipt(job), order.bytes)
            let file = try town.chain.file([town.chain.entry(.market, MarketKeys.receipt(job))])
            let proven = try town.chain.verifier.verify(file)
            #expect(throws: LightFailure.self) { try proven[0].statement() }
            #expect(town.chain.verifier.check(file).contains { !$0.holds })
        }
    }

    @Test("a key of no known form is shown as it stands")
    func other() throws {
        var town = try Town()
        town.chain.set(.registry, [9, 9], [1])
        town.chain.set(.accounts, [1, 2], [2])
        let file = try town.chain.file([
            town.chain.entry(.registry, [9, 9]), town.chain.entry(.accounts, [1, 2]),
        ])
        let statements = try town.chain.verifier.verify(file).map { try $0.statement() }
        #expect(statements[0] == .value(.registry, key: [9, 9], [1]))
        #expect(statements[1] == .value(.accounts, key: [1, 2], [2]))
    }

    // MARK: Checks for people

    @Test("all checks of an honest file hold, in order, and say what they saw (LIGHT-11)")
    func checks() throws {
        let town = try Town()
        let file = try town.chain.file([town.balanceKey, town.nonceKey])
        let checks = town.chain.verifier.check(file)
        #expect(
            checks.map(\.name) == ["chain", "quorum", "state", "balance", "state", "nonce"])
        let words = checks.compactMap { check in
            if case .holds(let words) = check.finding { words } else { nil }
        }
        #expect(words.count == checks.count)
        #expect(words[1] == "block 11 signed by 3 of 4 validators")
        #expect(words[3] == "account \(town.rich) has 12 of asset 0")
    }

    @Test("after a check that fails no later one is reached (LIGHT-11)")
    func firstFault() throws {
        let town = try Town()
        let other = try TrustedChain(validators: 4, name: "other")
        let file = try town.chain.file([town.balanceKey])
        let checks = other.verifier.check(file)
        #expect(checks.map(\.name) == ["chain", "quorum", "state", "balance"])
        let failure = LightFailure.otherChain(BlockHeight(11), town.chain.genesis.chain)
        #expect(checks[0].finding == .fails(failure))
        #expect(checks.dropFirst().allSatisfy { $0.finding == .notReached })
    }
}
