// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// Closes a stream on which nothing moved for too long.
final class SilenceClock: Sendable {
    private struct State {
        var deadline: Instant?
        var isLate = false
    }

    private let effects: Effects
    private let milliseconds: UInt64
    private let state = Mutex(State())

    init(_ effects: Effects, milliseconds: UInt64) {
        self.effects = effects
        self.milliseconds = milliseconds
    }

    /// Whether it closed the stream.
    var isLate: Bool { state.withLock(\.isLate) }

    /// Starts the clock; the task ends at the deadline or when cancelled.
    func start(on stream: any ByteStream) -> any SpawnedTask {
        moved()
        return effects.tasks.spawn("http silence \(stream.remote)") {
            await self.watch(stream)
        }
    }

    /// Something moved: the silence begins anew.
    func moved() {
        let deadline = effects.time.now().later(milliseconds: milliseconds)
        state.withLock { $0.deadline = deadline }
    }

    private func watch(_ stream: any ByteStream) async {
        while !Task.isCancelled {
            let now = effects.time.now()
            let left = state.withLock { state -> UInt64 in
                guard let deadline = state.deadline, deadline > now else {
                    state.isLate = true
                    return 0
                }
                return deadline.milliseconds(since: now) + 1
            }
            guard left > 0 else { return stream.close() }
            await effects.time.sleep(milliseconds: left)
        }
    }
}
