// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization
import SystemEffects
import Testing

@Suite("work in pieces (EFFECTS-29)", .timeLimit(.minutes(10)))
struct SharedWorkTests {
    let world: TestWorld

    init() throws { world = try TestWorld() }

    /// Counts how often each piece was carried out.
    private final class Board: Sendable {
        private let counts: Mutex<[Int]>

        init(_ pieces: Int) { counts = Mutex([Int](repeating: 0, count: pieces)) }

        func mark(_ piece: Int) { counts.withLock { $0[piece] += 1 } }
        var all: [Int] { counts.withLock { $0 } }
    }

    @Test(
        "every piece is carried out once before the call returns", arguments: [0, 1, 2, 7, 1_000])
    func once(pieces: Int) {
        let workers = world.effects.workers
        #expect(workers.width >= 1)
        for _ in 0..<50 {
            let board = Board(pieces)
            workers.share(pieces) { board.mark($0) }
            #expect(board.all.allSatisfy { $0 == 1 })
        }
    }

    @Test("work is shared out from workers too, by many at once, and all of it ends")
    func nested() async {
        let workers = world.effects.workers
        let board = Board(64)
        await withTaskGroup(of: Void.self) { group in
            for caller in 0..<16 {
                group.addTask {
                    await workers.run {
                        workers.share(4) { piece in
                            workers.share(2) { _ in }
                            board.mark(caller * 4 + piece)
                        }
                    }
                }
            }
        }
        #expect(board.all.allSatisfy { $0 == 1 })
    }

    @Test("what is done with is let go, whoever comes too late")
    func letsGo() async {
        final class Load: Sendable {
            let tally: Tally
            init(_ tally: Tally) { self.tally = tally }
            deinit { tally.add(1) }
        }
        let workers = world.effects.workers
        let tally = Tally()
        for _ in 0..<100 {
            let load = Load(tally)
            workers.share(8) { _ in _ = load }
        }
        // Workers that held a piece last may let go of it a moment later.
        await workers.run {}
        while tally.value < 100 { await world.effects.time.sleep(milliseconds: 1) }
        #expect(tally.value == 100)
    }
}
