// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import Synchronization
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("A chain is gone through from its genesis (ARCHIVE-1 to ARCHIVE-4)")
struct AuditTests {
    private static let segment = "data/blocks/00000000000000000000.log"

    /// Goes through a log with a fresh state.
    private static func audit(
        _ genesis: Genesis, _ effects: Effects, from first: UInt64 = 0
    ) async throws -> ChainAudit.Report {
        let log = try await effects.disk.inspectLog("data/blocks")
        let store = try await effects.disk.openStore(
            "scratch-\(effects.time.now().value)", bytesMax: 1 << 26)
        do {
            let audit = try ChainAudit(genesis: genesis, store: store, workers: effects.workers)
            let report = try await audit.run(log, signaturesFrom: BlockHeight(first))
            await log.close()
            await store.close()
            return report
        } catch {
            await log.close()
            await store.close()
            throw error
        }
    }

    private static func failure(
        _ genesis: Genesis, _ effects: Effects, from first: UInt64 = 0
    ) async -> ArchiveFailure? {
        do {
            _ = try await audit(genesis, effects, from: first)
            return nil
        } catch let failure as DiskFailure {
            return .disk(failure)
        } catch {
            return error as? ArchiveFailure
        }
    }

    @Test("an honest chain holds, to the last root that a later block vouches for")
    func honest() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(300)
            try await press.write(to: "data/blocks", effects)
            let report = try await Self.audit(press.genesis, effects)
            #expect(report.height == BlockHeight(300))
            #expect(report.hash == press.blocks.last?.block.hash)
            #expect(report.certified == BlockHeight(299))
            #expect(report.stateRoot == press.root)
            #expect(report.transactions == 150)
            #expect(report.tornTail == nil)
        }
    }

    @Test("an empty log holds: it is the genesis")
    func empty() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let press = try ChainPress()
            try await press.write(to: "data/blocks", effects)
            let report = try await Self.audit(press.genesis, effects)
            #expect(report.height == BlockHeight(0))
            #expect(report.certified == nil)
        }
    }

    @Test("progress names the height and the bytes dealt with, up to all of them")
    func progress() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(600)
            try await press.write(to: "data/blocks", effects)
            let seen = Mutex<[ArchiveProgress]>([])
            let log = try await effects.disk.inspectLog("data/blocks")
            let audit = try ChainAudit(
                genesis: press.genesis,
                store: try await effects.disk.openStore("scratch", bytesMax: 1 << 26),
                workers: effects.workers)
            _ = try await audit.run(log) { step in seen.withLock { $0.append(step) } }
            let steps = seen.withLock { $0 }
            #expect(steps.map(\.height.value) == [256, 512, 600])
            #expect(steps.last.map { $0.bytesDone == $0.bytesTotal } == true)
            await log.close()
        }
    }

    @Test("the first forged block is named by its height and its fault")
    func forgeries() async throws {
        let cases: [(ChainPress.Forgery, @Sendable (ChainFault) -> Bool)] = [
            (
                .wrongRoot,
                { if case .wrongRoot(_, in: BlockHeight(41), _, _) = $0 { true } else { false } }
            ),
            (.wrongProposer, { $0 == .wrongLeader(BlockHeight(41)) }),
            (
                .tooFewVotes,
                { $0 == .notFinal(BlockHeight(41), .certificate(.tooLittleStake)) }
            ),
            (.badPayload, { if case .badPayload(BlockHeight(41), _) = $0 { true } else { false } }),
            (.repeatedTime, { $0 == .brokenLink(BlockHeight(41)) }),
        ]
        for (forgery, isRight) in cases {
            let world = try DiskWorld()
            try await world.run { effects in
                var press = try ChainPress()
                try press.press(40)
                try press.press(transfers: 1, forging: forgery)
                try press.press(5)
                try await press.write(to: "data/blocks", effects)
                guard case .fault(let fault) = await Self.failure(press.genesis, effects) else {
                    Issue.record("\(forgery) was not found")
                    return
                }
                #expect(isRight(fault), "\(forgery): \(fault)")
            }
        }
    }

    @Test("a wrong root names the executed height, the vouching block and both roots (ARCHIVE-3)")
    func wrongRoot() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(10)
            let computed = press.root
            try press.press(transfers: 0, forging: .wrongRoot)
            try await press.write(to: "data/blocks", effects)
            let certified = press.blocks[10].block.header.stateRoot
            let fault = ChainFault.wrongRoot(
                BlockHeight(10), in: BlockHeight(11), certified: certified, computed: computed)
            #expect(await Self.failure(press.genesis, effects) == .fault(fault))
            #expect(fault.height == BlockHeight(10))
        }
    }

    @Test("of two faults the lower one is named, whichever is found first (ARCHIVE-3)")
    func lowest() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(20)
            try press.press(transfers: 0, forging: .wrongRoot)
            try press.press(3)
            try press.press(transfers: 0, forging: .tooFewVotes)
            try await press.write(to: "data/blocks", effects)
            guard case .fault(let fault) = await Self.failure(press.genesis, effects) else {
                Issue.record("nothing was found")
                return
            }
            #expect(fault.height == BlockHeight(20))
        }
    }

    @Test("with signatures from a height on, earlier ones are left out; links and roots are not")
    func from() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(9)
            try press.press(transfers: 0, forging: .tooFewVotes)
            try press.press(9)
            try await press.write(to: "data/blocks", effects)
            #expect(await Self.failure(press.genesis, effects, from: 10) != nil)
            #expect(await Self.failure(press.genesis, effects, from: 11) == nil)
        }
    }

    @Test("a chain of another genesis is another chain's, at its first block")
    func otherChain() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(3)
            try await press.write(to: "data/blocks", effects)
            let other = try ChainPress(name: "other")
            #expect(
                await Self.failure(other.genesis, effects)
                    == .fault(.otherChain(BlockHeight(1), press.genesis.chain)))
        }
    }

    @Test("damaged bytes are named by the height of the block they were (ARCHIVE-3)")
    func damage() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(30)
            try await press.write(to: "data/blocks", effects)
            var offset = 24
            for block in press.blocks.prefix(17) { offset += 20 + block.canonicalBytes.count }
            let place = offset + 60
            try await effects.change(Self.segment) { $0[place] ^= 1 }
            guard
                case .fault(.damaged(let height, let flaw)) =
                    await Self.failure(press.genesis, effects)
            else {
                Issue.record("the damage was not found")
                return
            }
            #expect(height == BlockHeight(18))
            #expect(flaw.reason.hasPrefix("at byte \(offset): "))
        }
    }

    @Test("a torn tail is no fault: it is reported, and what is before it holds (ARCHIVE-4)")
    func tornTail() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(10)
            try await press.write(to: "data/blocks", effects)
            try await effects.change(Self.segment) { $0.removeLast(40) }
            let report = try await Self.audit(press.genesis, effects)
            #expect(report.height == BlockHeight(9))
            #expect(report.tornTail?.isTornTail == true)
        }
    }

    @Test("a log whose first blocks are gone is named so")
    func pruned() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(4)
            try await press.write(to: "data/blocks", effects)
            try await effects.disk.move(
                Self.segment, to: "data/blocks/00000000000000000002.log")
            #expect(
                await Self.failure(press.genesis, effects) == .fault(.missing(BlockHeight(2))))
        }
    }

    @Test("a node that runs is not looked at: its log is busy")
    func busy() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(2)
            try await press.write(to: "data/blocks", effects)
            let held = try await effects.disk.openLog("data/blocks")
            #expect(
                await Self.failure(press.genesis, effects) == .disk(.busy(path: "data/blocks")))
            await held.close()
        }
    }
}
