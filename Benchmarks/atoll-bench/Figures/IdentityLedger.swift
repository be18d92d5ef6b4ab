// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identities
import Identity
import Ledger
import Synchronization
import Vocabulary

/// Identities begun in batches at a node with all there is: signatures checked, blocks and votes
/// durable, executed, the state's root worked out.
enum IdentityLedger {
    static let rate = FigureID(
        "identity.create.ledger", "1/s",
        "identities begun end to end through the ledger, 500 in a message",
        bar: .atLeast(50_000))
    static let benchmark = Benchmark(figures: [rate], measure: measure)

    /// Clients with a key; each has one message of 500 identities under way.
    private static let clients = 256
    private static let perMessage = CreateIdentities.identitiesMax

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let town = try LedgerTown(accounts: clients)
        let batches = bench.either(800, quick: 160)
        return try await Committee.lend(bench, town) { committee in
            bench.say("drawing and signing \(batches * perMessage) identities")
            let height = try await committee.height()
            let signed = try await bench.compute {
                try (0..<batches).map { try batch($0, in: town, height: height) }
            }
            let waiting = Mutex(
                (0..<clients).map { client in
                    stride(from: client, to: batches, by: clients).map { signed[$0] }.reversed()
                        as [SignedTransaction]
                })
            let tally = LoadTally()
            let load = PaymentLoad(
                committee.hosts[0], clients: 0..<clients, inFlight: 1, tally: tally,
                next: { client in waiting.withLock { $0[client].popLast() } })
            let (watch, shares) = (Stopwatch(), ThreadShares())
            tally.begin()
            await load.start().finished()
            let wall = watch.wall
            let threads = shares.read()
            let sample = tally.end()
            guard sample.failures == 0 else {
                throw BenchFailure("\(sample.failures) batches were refused or late")
            }
            let count = sample.taken.count * perMessage
            return [
                Measurement(
                    figure: rate, value: Double(count) / wall,
                    meter: "wall, one validator, \(clients) clients with a message of "
                        + "\(perMessage) under way each, signed before, handed in at the node's "
                        + "interface; blocks, votes and state synced; to execution: "
                        + "\(sample.text); "
                        + "\(threads.microseconds(per: count)) us of processor time an identity; "
                        + "percent of a core by thread: \(threads.text)")
            ]
        }
    }

    /// A message of new identities, signed by its client with the client's next number.
    private static func batch(
        _ number: Int, in town: LedgerTown, height: BlockHeight
    ) throws -> SignedTransaction {
        let (client, first) = (number % clients, number * perMessage)
        let new = try (first..<first + perMessage).map { index in
            guard let key = SigningKey(seed: Dice.bytes32(1_000_000 + index).bytes) else {
                throw BenchFailure("no key")
            }
            return NewIdentity(
                of: key, recovery: SHA256.hash(key.publicKey.raw.bytes), chain: town.genesis.chain)
        }
        return Transaction(
            chain: town.genesis.chain, sender: town.keys[client].publicKey,
            nonce: UInt64(number / clients), feeMax: Amount(whole: 10),
            validUntil: height.advanced(by: 19_000),
            messages: [IdentitiesMessage.create(CreateIdentities(new)).message]
        ).signed(by: town.keys[client])
    }
}
