// SPDX-License-Identifier: Apache-2.0
import Effects
import NodeAssembly
import Synchronization

/// Says on standard error how far a walk through a chain is: often to a person, seldom to a file.
final class LedgerProgress: Sendable {
    private struct State {
        var said: Instant
        var height: UInt64 = 0
    }

    private let verb: String
    private let time: any TimeSource
    private let start: Instant
    private let state: Mutex<State>

    /// - Parameter verb: What happens to blocks, such as `verified`.
    init(_ verb: String, _ time: any TimeSource) {
        self.verb = verb
        self.time = time
        start = time.now()
        state = Mutex(State(said: start))
    }

    private var pauseMilliseconds: UInt64 { Terminal.isWatched ? 1_000 : 10_000 }

    /// Takes a step, and says so when the last word was long ago.
    func step(_ progress: ArchiveProgress) {
        let now = time.now()
        let text = state.withLock { state -> String? in
            let pause = now.milliseconds(since: state.said)
            guard pause >= pauseMilliseconds else { return nil }
            let blocks = progress.height.value - min(state.height, progress.height.value)
            state = State(said: now, height: progress.height.value)
            return line(progress, blocksPerSecond: blocks * 1_000 / max(pause, 1))
        }
        if let text { Terminal.say(text) }
    }

    private func line(_ progress: ArchiveProgress, blocksPerSecond rate: UInt64) -> String {
        let percent = progress.bytesDone * 100 / max(progress.bytesTotal, 1)
        return "\(verb) up to block \(QuantityText.grouped(progress.height.value)), "
            + "\(percent) %, \(QuantityText.grouped(rate)) blocks/s"
    }

    /// Blocks a second over all the time.
    func rate(blocks: UInt64) -> UInt64 {
        blocks * 1_000 / max(time.now().milliseconds(since: start), 1)
    }

    /// Milliseconds since the beginning.
    var milliseconds: UInt64 { time.now().milliseconds(since: start) }
}
