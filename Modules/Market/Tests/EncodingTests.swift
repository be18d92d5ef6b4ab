// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import LedgerSupport
import Market
import Testing
import Vocabulary

@Suite("Encodings of the market")
struct EncodingTests {
    private let job = JobID(SHA256.hash([1]).raw)
    private let result = MarketWorld.truth

    private func messages() throws -> [MarketMessage] {
        let world = try MarketWorld()
        return [
            .openOrder(OpenOrder(terms: world.terms(arguments: ["a", "", "ü"]))),
            .placeBid(PlaceBid(job: job, price: MarketWorld.price(3, rate: 4))),
            .commitResult(CommitResult(job: job, commitment: SHA256.hash([2]))),
            .revealResult(world.revelation(0, in: job)),
            .giveUp(GiveUp(job: job, reason: .shuttingDown)),
            .cancelOrder(CancelOrder(job: job)),
        ]
    }

    @Test("the bytes of messages never change")
    func pinnedMessages() throws {
        let digests = try messages().map { "\(SHA256.hash($0.canonicalBytes))".prefix(16) }
        #expect(digests == Self.pinnedMessages)
        #expect(
            MarketMessage.cancelOrder(CancelOrder(job: JobID(.zero))).canonicalBytes
                == [5] + [UInt8](repeating: 0, count: 32))
    }

    @Test("the hashes that are name, sign and hide things never change")
    func pinnedDomains() throws {
        let world = try MarketWorld()
        let statement = ResultStatement(
            chain: world.chain, job: job, provider: world.client, resultDigest: result.digest)
        let digests = [
            result.digest, result.commitment(salt: .zero, provider: world.client),
            world.terms().argumentsDigest, SHA256.hash(statement.signedBytes),
            Digest(
                OpenOrder(terms: world.terms()).job(sender: world.client, transaction: .zero).raw),
        ]
        #expect(digests.map { "\($0)".prefix(16) } == Self.pinnedDomains)
    }

    @Test("messages and outcomes read back as they were written")
    func roundTrips() throws {
        for message in try messages() {
            #expect(try MarketMessage(canonicalBytes: message.canonicalBytes) == message)
        }
        let outcomes: [JobOutcome] =
            JobTrap.allCases.map(JobOutcome.trapped) + [
                .exited(code: .max), .fuelExhausted, .memoryExceeded, .outputExceeded,
                .invalidModule, .unsupportedImport, .missingStart, .invalidInput,
            ]
        for outcome in outcomes {
            #expect(try JobOutcome(canonicalBytes: outcome.canonicalBytes) == outcome)
            #expect(outcome.canonicalBytes.first == UInt8(outcome.code))
        }
    }

    @Test("every event reads back as it was written, and another module's is none")
    func events() throws {
        let world = try MarketWorld()
        let lease = Lease(
            provider: world.provider(0), price: MarketWorld.price(1), assignedAt: Timestamp(1),
            dueBy: Timestamp(2))
        var events: [MarketEvent] = [
            .orderOpened(client: world.client, terms: world.terms()),
            .bidPlaced(Bid(provider: world.client, price: MarketWorld.price(1))),
            .bidDropped(provider: world.client), .leasesGranted([lease, lease]),
            .resultCommitted(provider: world.client),
            .resultsCommitted(revealBy: Timestamp(9), providers: [world.client]),
            .resultRevealed(provider: world.client, resultDigest: .zero),
            .leaseEnded(provider: world.client, reason: .gaveUp(.overloaded)),
            .leaseEnded(provider: world.client, reason: .commitTimedOut),
            .leaseEnded(provider: world.client, reason: .revealTimedOut),
            .bidsWanted(executionsWanted: 3), .disputeOpened(executionsWanted: 4),
            .providerSlashed(provider: world.client, amount: Amount(5), reason: .lied),
            .endingPostponed(until: Timestamp(5)),
        ]
        events += OrderEnding.allCases.map {
            .orderEnded($0, client: world.client, cost: Amount(1), refund: Amount(2))
        }
        for event in events { #expect(try MarketEvent(event.event(about: job)) == event) }
        let kinds = events.map(\.kind)
        #expect(kinds.max() == 19 && Set(events.map(\.name)).count == Set(kinds).count)
        let foreign = Event(module: .accounts, kind: 3, subject: .zero, payload: [])
        #expect(throws: CanonicalError.self) { try MarketEvent(foreign) }
    }

    @Test("the largest terms fit into an event, and no larger ones are read")
    func largestTerms() throws {
        let world = try MarketWorld()
        let most = [String](repeating: String(repeating: "a", count: 32), count: 64)
        let job = try world.open(world.terms(arguments: most))
        #expect(try world.order(job).terms.arguments == most)
        for arguments in [most + [""], [String(repeating: "a", count: 2_049)]] {
            let message = MarketMessage.openOrder(
                OpenOrder(terms: world.terms(arguments: arguments)))
            #expect(try world.refusal(world.client, message) == .malformed)
        }
    }

    @Test("mutated messages are read as one message or refused, never more")
    func mutations() throws {
        var generator = SeededGenerator(seed: 11)
        let originals = try messages().map(\.canonicalBytes)
        for _ in 0..<4_000 {
            var bytes = originals[Int(generator.next() % 6)]
            for _ in 0...generator.next() % 3 { mutate(&bytes, &generator) }
            guard let message = try? MarketMessage(canonicalBytes: bytes) else { continue }
            #expect(message.canonicalBytes == bytes)
        }
    }

    @Test("mutated receipts and orders are read as one value or refused")
    func mutatedState() throws {
        let world = try MarketWorld()
        let live = try world.openAndLease(world.terms(salt: 1), to: [0, 1, 2])
        let ended = try world.openAndLease(world.terms(salt: 2), to: [0, 1])
        try world.finish([(0, result), (1, result)], in: ended)
        let order = try world.order(live).canonicalBytes
        let receipt = try world.receipt(ended).canonicalBytes
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<2_000 {
            var changed = order
            mutate(&changed, &generator)
            if let read = try? Order(canonicalBytes: changed) {
                #expect(read.canonicalBytes == changed)
            }
            changed = receipt
            mutate(&changed, &generator)
            if let read = try? Receipt(canonicalBytes: changed) {
                #expect(read.canonicalBytes == changed)
            }
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return bytes.append(0) }
        let place = Int(generator.next() % UInt64(bytes.count))
        switch generator.next() % 4 {
        case 0: bytes[place] ^= 1 << UInt8(generator.next() % 8)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: place)
        default: bytes.removeLast(bytes.count - place)
        }
    }

    private static let pinnedMessages: [Substring] = [
        "dd8b4f4a7aa8eede", "b93b4d9f38c90bf9", "0feaa038b40d650b", "d8f0ffdef5cb0277",
        "7dbf391c49f45864", "305b8ea5ad62d875",
    ]
    private static let pinnedDomains: [Substring] = [
        "a82132d2f7336261", "bdf811eeed05b7a3", "9d6df9e6b49b3c6e", "6f6c129d321dac9d",
        "2feba377e98b820f",
    ]
}
