// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Effects
import Governance
import JSONText
import Ledger
import Treasury
import Vocabulary

/// How fast one ledger takes votes and claims of airdrops, one in each transaction.
enum EconomyRates {
    static let votes = FigureID(
        "economy.votes", "1/s", "checked votes executed per second per core", bar: .atLeast(20_000))
    static let claims = FigureID(
        "economy.claims", "1/s", "checked claims of an airdrop executed per second per core")
    static let account = FigureID(
        "economy.bytes.account", "B", "bytes of the state's keys and values for an account")
    static let benchmark = Benchmark(figures: [votes, claims, account], measure: measure)

    private static let perBlock = 1_000

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        [try await vote(bench), try await claim(bench), bytes()]
    }

    private static func execute(
        _ machine: LedgerMachine, _ town: EconomyTown, _ number: Int,
        _ signed: [SignedTransaction]
    ) async throws -> Double {
        let checked = CheckedTransaction.check(all: signed, chain: town.genesis.chain)
        let watch = Stopwatch()
        let result = try machine.execute(town.context(number), checked: checked)
        let seconds = watch.thread
        if let refused = result.outcomes.first(where: { $0.refusal != nil }) {
            throw BenchFailure("block \(number): \(refused)")
        }
        if machine.isCommitDue { try await machine.commit() }
        return seconds
    }

    /// Everybody locks, one proposes, everybody votes.
    private static func vote(_ bench: Bench) async throws -> Measurement {
        let blocks = bench.either(20, quick: 5)
        let people = blocks * perBlock
        let town = try EconomyTown(
            people: people, validators: 4,
            modules: [
                "governance": [
                    "kinds": [["kind": "text", "discussionMilliseconds": 0]], "depositMin": "1",
                    "proposerMin": "1",
                ]
            ])
        let (machine, store) = try await town.open(bench, "votes-state")
        for block in 1...blocks {
            let locks = (0..<perBlock).map { index in
                let person = (block - 1) * perBlock + index
                let lock = GovernanceMessage.lock(Amount(whole: UInt64(1 + person)))
                return town.sign([lock.message], by: person, nonce: 0)
            }
            _ = try await execute(machine, town, block, locks)
        }
        let draft = Draft(kind: .text, title: "a wish")
        let propose = GovernanceMessage.propose(draft, deposit: Amount(whole: 1))
        _ = try await execute(
            machine, town, blocks + 1, [town.sign([propose.message], by: 0, nonce: 1)])
        _ = try await execute(machine, town, blocks + 2, [])
        var seconds: [Double] = []
        for block in 0..<blocks {
            let ballots = (0..<perBlock).map { index in
                let person = block * perBlock + index
                let choice: Choice = person.isMultiple(of: 3) ? .no : .yes
                return town.sign(
                    [GovernanceMessage.vote(0, choice).message], by: person,
                    nonce: person == 0 ? 2 : 1)
            }
            bench.say("\(votes.name) block \(block + 1) of \(blocks)")
            seconds.append(try await execute(machine, town, blocks + 3 + block, ballots))
        }
        await store.close()
        return Measurement(
            figure: votes, value: Double(perBlock) / seconds.median,
            meter: "thread CPU of one core: every vote's power at its snapshot, its ballot, the "
                + "tally and the state root, blocks of \(perBlock) votes by \(people) voters, LMDB "
                + "below; median of \(blocks) blocks")
    }

    /// Everybody claims a place of one list.
    private static func claim(_ bench: Bench) async throws -> Measurement {
        let blocks = bench.either(20, quick: 5)
        let people = blocks * perBlock
        let town = try EconomyTown(people: people, validators: 4)
        let (machine, store) = try await town.open(bench, "claims-state")
        let leaves = town.accounts.enumerated().map { place, account in
            Airdrop.leaf(UInt64(place), account, Amount(whole: 1))
        }
        let order = CreateAirdrop(
            source: .account(town.accounts[0]), amount: Amount(whole: UInt64(people)),
            root: Airdrop.root(of: leaves), leaves: UInt64(people), opens: Timestamp(0),
            expires: Timestamp(.max / 2))
        _ = try await execute(
            machine, town, 1,
            [town.sign([TreasuryMessage.createAirdrop(order).message], by: 0, nonce: 0)])
        let proofs = Proofs(of: leaves)
        var seconds: [Double] = []
        for block in 0..<blocks {
            let signed = (0..<perBlock).map { index in
                let person = block * perBlock + index
                let claim = AirdropClaim(
                    airdrop: 0, place: UInt64(person), account: town.accounts[person],
                    amount: Amount(whole: 1), proof: proofs.proof(of: person))
                return town.sign(
                    [TreasuryMessage.claimAirdrop(claim).message], by: person,
                    nonce: person == 0 ? 1 : 0)
            }
            bench.say("\(claims.name) block \(block + 1) of \(blocks)")
            seconds.append(try await execute(machine, town, 2 + block, signed))
        }
        await store.close()
        return Measurement(
            figure: claims, value: Double(perBlock) / seconds.median,
            meter: "thread CPU of one core: every claim's proof in a list of \(people), the "
                + "payment and the state root, blocks of \(perBlock) claims, LMDB below; median of "
                + "\(blocks) blocks")
    }

    private static func bytes() -> Measurement {
        let account = AccountID(.zero)
        let keys = [AccountsKeys.balance(of: account, .native), AccountsKeys.nonce(of: account)]
        let bytes = keys.reduce(0) { $0 + $1.count + 1 } + 16 + 8
        return Measurement(
            figure: Self.account, value: Double(bytes),
            meter: "a balance of 16 bytes under a key of \(keys[0].count + 1) and a nonce of 8 "
                + "under one of \(keys[1].count + 1)")
    }

    /// All levels of a list, so that a proof costs its length.
    private struct Proofs {
        private var levels: [[Digest]]

        init(of leaves: [Digest]) {
            levels = [leaves]
            while let last = levels.last, last.count > 1 {
                levels.append(
                    stride(from: 0, to: last.count, by: 2).map { index in
                        Airdrop.root(of: Array(last[index..<min(index + 2, last.count)]))
                    })
            }
        }

        func proof(of place: Int) -> [Digest] {
            levels.dropLast().enumerated().compactMap { height, level in
                let sibling = (place >> height) ^ 1
                return sibling < level.count ? level[sibling] : nil
            }
        }
    }
}
