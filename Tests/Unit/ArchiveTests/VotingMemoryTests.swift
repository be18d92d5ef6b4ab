// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import SimulatedEffects
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("What a validator may sign after a loss (RECOVERY-7 to RECOVERY-11)")
struct VotingMemoryTests {
    private static let key = PublicKey(.zero)

    private static func promise(
        ceiling: UInt64 = 500, spoken: UInt64 = 300, forgotten: UInt64 = 0, silent: UInt64 = 0
    ) -> VotingPromise {
        var promise = VotingPromise(chain: ChainID(.zero), key: key)
        promise.ceiling = Slot(ceiling)
        promise.spoken = Slot(spoken)
        promise.forgotten = Slot(forgotten)
        promise.silentThrough = Slot(silent)
        return promise
    }

    private static func verdict(
        _ promise: VotingPromise?, newest: UInt64? = 310, isLost: Bool = false,
        hasRecords: Bool? = nil, decided: UInt64? = 305
    ) -> VotingMemory.Verdict {
        VotingMemory(
            promise: promise.map { .read($0) } ?? .none, newestSpoken: newest.map { Slot($0) },
            hasRecords: hasRecords ?? (newest != nil), isLogLost: isLost,
            decided: decided.map { Slot($0) }
        ).verdict
    }

    @Test("a whole log leaves nothing to be silent about")
    func whole() {
        #expect(Self.verdict(Self.promise()) == .silent(through: Slot(0)))
        #expect(Self.verdict(Self.promise(), newest: 300) == .silent(through: Slot(0)))
    }

    @Test("a silence begun in an earlier life goes on")
    func goesOn() {
        #expect(Self.verdict(Self.promise(silent: 400)) == .silent(through: Slot(400)))
    }

    @Test("a log that is damaged, missing or older than the promise is bounded by its ceiling")
    func lost() {
        let silent = VotingMemory.Verdict.silent(through: Slot(500))
        #expect(Self.verdict(Self.promise(), isLost: true) == silent)
        #expect(Self.verdict(Self.promise(), newest: nil) == silent)
        #expect(Self.verdict(Self.promise(), newest: 299) == silent)
    }

    @Test("words dropped because their slots were decided are lost when the blocks are")
    func forgottenWords() {
        let promise = Self.promise(forgotten: 290)
        #expect(Self.verdict(promise, decided: 290) == .silent(through: Slot(0)))
        #expect(Self.verdict(promise, decided: 289) == .silent(through: Slot(500)))
        #expect(Self.verdict(promise, decided: nil) == .silent(through: Slot(500)))
    }

    @Test("words that were dropped with their decided slots are not missed")
    func droppedWords() {
        // A validator that has not spoken for a while: certificates alone are left in its log.
        let promise = Self.promise(forgotten: 300)
        #expect(Self.verdict(promise, newest: nil, hasRecords: true) == .silent(through: Slot(0)))
        // An empty log is not one from which something was dropped.
        #expect(
            Self.verdict(promise, newest: nil, hasRecords: false) == .silent(through: Slot(500)))
        let later = Self.promise(forgotten: 299)
        #expect(Self.verdict(later, newest: nil, hasRecords: true) == .silent(through: Slot(500)))
    }

    @Test("a block log that lost its tail harms nobody who still has every word since")
    func shorterBlocks() {
        #expect(Self.verdict(Self.promise(), decided: 3) == .silent(through: Slot(0)))
    }

    @Test("a new validator may speak; one with blocks and no memory may not")
    func unpromised() {
        #expect(Self.verdict(nil, newest: nil, decided: nil) == .silent(through: Slot(0)))
        #expect(Self.verdict(nil) == .silent(through: Slot(0)), "one of before there were promises")
        for verdict in [Self.verdict(nil, newest: nil), Self.verdict(nil, isLost: true)] {
            guard case .unknown = verdict else {
                Issue.record("\(verdict)")
                continue
            }
        }
        let damaged = VotingMemory(
            promise: .damaged, newestSpoken: Slot(9), hasRecords: true, isLogLost: false,
            decided: Slot(3)
        ).verdict
        guard case .unknown = damaged else {
            Issue.record("\(damaged)")
            return
        }
    }

    @Test("a promise reads as it was written, and not at all when a bit of it is changed")
    func form() throws {
        let promise = Self.promise(silent: 77)
        #expect(promise.bytes.count == VotingPromise.fileBytesMax)
        #expect(VotingPromise(bytes: promise.bytes) == promise)
        for place in promise.bytes.indices {
            var copy = promise.bytes
            copy[place] ^= 1 << UInt8(place % 8)
            #expect(VotingPromise(bytes: copy) == nil)
        }
        #expect(VotingPromise(bytes: []) == nil)
        #expect(VotingPromise(bytes: promise.bytes + [0]) == nil)
    }

    // MARK: Keeping it

    /// A keeper with a fresh promise, in a simulated world.
    private static func keeper(_ effects: Effects) -> PromiseKeeper {
        PromiseKeeper(
            disk: effects.disk, path: "data.promise",
            promise: VotingPromise(chain: ChainID(.zero), key: key), newest: Slot(0))
    }

    @Test("the promise is durable before the word, in steps, and knows what was certainly said")
    func keeping() throws {
        let world = SimulatedWorld(seed: 5)
        let effects = world.makeNode("n")
        let outcome = world.run(on: "n", effects) { effects -> [VotingPromise] in
            let keeper = Self.keeper(effects)
            var seen: [VotingPromise] = []
            func look() async {
                if let found = try? await PromiseKeeper.read(effects.disk, "data.promise"),
                    let promise = found
                {
                    seen.append(promise)
                }
            }
            try? await keeper.cover(Slot(1))
            await look()
            await keeper.note(Slot(1))
            await look()
            for slot in 2...257 as ClosedRange<UInt64> {
                try? await keeper.cover(Slot(slot))
                await keeper.note(Slot(slot))
            }
            await look()
            try? await keeper.cover(Slot(258))
            await look()
            await keeper.settle()
            await look()
            return seen
        }
        let seen = try #require(outcome)
        #expect(seen.map(\.ceiling.value) == [257, 257, 257, 514, 257])
        #expect(seen.map(\.spoken.value) == [0, 1, 1, 257, 257])
    }

    @Test("nothing is said when the promise cannot be written")
    func fullDisk() throws {
        let world = SimulatedWorld(seed: 6)
        let effects = world.makeNode("n")
        world.setDisk("n", DiskConditions(bytesMax: 10))
        let refused = world.run(on: "n", effects) { effects -> Bool in
            do {
                try await Self.keeper(effects).cover(Slot(1))
                return false
            } catch { return true }
        }
        #expect(refused == true)
    }
}
