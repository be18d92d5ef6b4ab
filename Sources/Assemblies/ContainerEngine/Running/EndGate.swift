// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// Waits for an end and learns the code.
final class EndGate: Sendable {
    private let gate = OneShot()
    private let code = Mutex<Int64>(0)

    /// Tells the end.
    func open(_ code: Int64) {
        self.code.withLock { $0 = code }
        gate.open()
    }

    /// Waits for it; one task, once.
    func wait() async -> Int64 {
        await gate.wait()
        return code.withLock { $0 }
    }
}

/// A client that wants to follow a container which has not begun.
final class WaitingClient: Sendable {
    let wish: AttachPoint.Wish
    private let gate = OneShot()
    private let stream = Mutex<(any ByteStream)?>(nil)

    init(_ wish: AttachPoint.Wish) { self.wish = wish }

    /// Gives it the program's side; nothing when there will be none.
    func give(_ stream: (any ByteStream)?) {
        self.stream.withLock { $0 = stream }
        gate.open()
    }

    /// Waits for the start; one task, once.
    func wait() async -> (any ByteStream)? {
        await gate.wait()
        return stream.withLock { $0 }
    }
}
