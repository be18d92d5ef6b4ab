// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// Closes a stream whose handshake takes too long.
final class HandshakeDeadline: Sendable {
    private let isMet = Atomic(false)
    private let isMissed = Atomic(false)
    private let task: Mutex<(any SpawnedTask)?>

    /// Starts to wait.
    init(_ stream: any ByteStream, _ effects: Effects, _ configuration: MeshConfiguration) {
        task = Mutex(nil)
        let waiting = effects.tasks.spawn("handshake deadline") { [self] in
            await effects.time.sleep(milliseconds: configuration.handshakeTimeoutMilliseconds)
            guard !isMet.load(ordering: .acquiring) else { return }
            isMissed.store(true, ordering: .releasing)
            stream.close()
        }
        task.withLock { $0 = waiting }
    }

    /// Ends the wait.
    ///
    /// - Returns: Whether it was in time.
    @discardableResult
    func meet() -> Bool {
        isMet.store(true, ordering: .releasing)
        task.withLock { $0 }?.cancel()
        return !isMissed.load(ordering: .acquiring)
    }
}
