// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Identities
import Identity
import Ledger
import NodeAssembly
import Vocabulary

/// Identities begun in batches by one ledger in one process, with the state root of every block.
enum IdentityCreate {
    static let rate = FigureID(
        "identity.create.batch", "1/s", "identities begun through execution, 500 in a message",
        bar: .atLeast(50_000))
    static let benchmark = Benchmark(figures: [rate], measure: measure)

    private static let messagesPerBlock = 10
    private static let perMessage = CreateIdentities.identitiesMax

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let blocks = bench.either(20, quick: 6)
        let town = try LedgerTown(accounts: messagesPerBlock)
        let store = try await bench.effects.disk.openStore("identities-state", bytesMax: 4 << 30)
        let house = House()
        let machine = try LedgerMachine.open(
            genesis: town.genesis, modules: house.modules, fees: house.fees, store: store)
        try await machine.commit()
        var (executing, waiting): ([Double], [Double]) = ([], [])
        for number in 1...blocks {
            bench.say("\(rate.name) block \(number) of \(blocks)")
            let signed = try block(number, in: town)
            let checked = CheckedTransaction.check(all: signed, chain: town.genesis.chain)
            let watch = Stopwatch()
            let result = try machine.execute(town.context(number), checked: checked)
            executing.append(watch.thread)
            waiting.append(watch.wall)
            guard result.outcomes.allSatisfy({ $0.refusal == nil }) else {
                throw BenchFailure("a batch was refused: \(result.outcomes)")
            }
            if machine.isCommitDue { try await machine.commit() }
        }
        await store.close()
        let count = Double(messagesPerBlock * perMessage)
        let wall = NumberText.of(count / waiting.median)
        return [
            Measurement(
                figure: rate, value: count / executing.median,
                meter: "thread CPU of one core: every identity's signature, its record, its event "
                    + "and the state root, blocks of \(NumberText.of(count)), LMDB below; "
                    + "\(wall)/s of wall time; signatures by \(Ed25519Verifier.backend); median "
                    + "of \(blocks) blocks")
        ]
    }

    /// Signed batches of new identities, one from each account.
    private static func block(
        _ number: Int, in town: LedgerTown
    ) throws -> [SignedTransaction] {
        try (0..<messagesPerBlock).map { sender in
            let first = ((number * messagesPerBlock) + sender) * perMessage
            let new = try (first..<first + perMessage).map { index in
                guard let key = SigningKey(seed: Dice.bytes32(1_000_000 + index).bytes) else {
                    throw BenchFailure("no key")
                }
                return NewIdentity(
                    of: key, recovery: SHA256.hash(key.publicKey.raw.bytes),
                    chain: town.genesis.chain)
            }
            return Transaction(
                chain: town.genesis.chain, sender: town.keys[sender].publicKey,
                nonce: UInt64(number - 1), feeMax: Amount(whole: 1),
                validUntil: BlockHeight(10_000),
                messages: [IdentitiesMessage.create(CreateIdentities(new)).message]
            ).signed(by: town.keys[sender])
        }
    }
}
