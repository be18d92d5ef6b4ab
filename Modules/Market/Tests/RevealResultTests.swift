// SPDX-License-Identifier: Apache-2.0
import Market
import Testing
import Vocabulary

@Suite("MARKET-8: showing a result")
struct RevealResultTests {
    private func revealing() throws -> (MarketWorld, JobID) {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1])
        try world.block([world.commit(0, in: job), world.commit(1, in: job)])
        return (world, job)
    }

    private func refusal(_ message: RevealResult, in world: MarketWorld) throws -> MarketRefusal? {
        try world.refusal(world.provider(0), .revealResult(message))
    }

    @Test("nothing is shown before every result is committed")
    func early() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1])
        try world.block([world.commit(0, in: job)])
        #expect(try refusal(world.revelation(0, in: job), in: world) == .notRevealing)
    }

    @Test("only who holds a lease shows a result, and once")
    func holders() throws {
        let (world, job) = try revealing()
        let foreign = world.reveal(2, in: job)
        #expect(try world.refusal(foreign.0, foreign.1) == .notLeased)
        #expect(try refusal(world.revelation(0, in: job), in: world) == nil)
        #expect(try refusal(world.revelation(0, in: job), in: world) == .alreadyRevealed)
    }

    @Test("the result and salt are those of the commitment")
    func binding() throws {
        let (world, job) = try revealing()
        let other = world.revelation(0, of: MarketWorld.result("other"), in: job)
        #expect(try refusal(other, in: world) == .commitmentMismatch)
        let right = world.revelation(0, in: job)
        let salted = RevealResult(
            job: job, result: right.result, salt: .zero, key: right.key,
            signature: right.signature)
        #expect(try refusal(salted, in: world) == .commitmentMismatch)
    }

    @Test("a result states no more fuel or output than the order allows")
    func usage() throws {
        let bounds = MarketWorld.limits
        for (fuel, output) in [
            (bounds.fuelMax.value + 1, 10), (10, bounds.outputBytesMax + 1),
        ] {
            let world = try MarketWorld()
            let job = try world.openAndLease(world.terms(), to: [0, 1])
            let excessive = JobResult(
                outcome: .exited(code: 0), outputDigest: .zero, outputBytes: output,
                fuelUsed: Fuel(fuel))
            try world.block([
                world.commit(0, to: excessive, in: job), world.commit(1, to: excessive, in: job),
            ])
            let message = world.revelation(0, of: excessive, in: job)
            #expect(try refusal(message, in: world) == .usageAboveLimit)
        }
    }

    @Test("the key is the provider's and has signed this result for this job")
    func signature() throws {
        let (world, job) = try revealing()
        let right = world.revelation(0, in: job)
        let foreign = RevealResult(
            job: job, result: right.result, salt: right.salt, key: world.providers[1].publicKey,
            signature: right.signature)
        #expect(try refusal(foreign, in: world) == .foreignKey)
        let elsewhere = world.revelation(0, in: JobID(.zero)).signature
        let forged = RevealResult(
            job: job, result: right.result, salt: right.salt, key: right.key, signature: elsewhere)
        #expect(try refusal(forged, in: world) == .badResultSignature)
    }

    @Test("no result is taken after the deadline, however long the time for showing")
    func deadline() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(lasting: 6_000), to: [0, 1])
        try world.block([world.commit(0, in: job), world.commit(1, in: job)])
        let late = world.reveal(0, in: job)
        #expect(try world.refusal(after: 4_001, late.0, late.1) == .tooLate)
    }

    @Test("a result is in time in the last millisecond, not after")
    func times() throws {
        let (world, job) = try revealing()
        let onTime = world.reveal(0, in: job)
        #expect(try world.refusal(after: 10_000, onTime.0, onTime.1) == nil)
        let late = world.reveal(1, in: job)
        #expect(try world.refusal(after: 1, late.0, late.1) == .tooLate)
    }
}
