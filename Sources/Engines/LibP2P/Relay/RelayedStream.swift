// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// A stream of a connection as the bytes of another connection.
final class RelayedStream: ByteStream {
    private let stream: PeerStream
    private let early: Mutex<[UInt8]>
    private let ended = OneShot()

    /// Nobody can be dialled by it.
    let remote = Endpoint(host: "relayed", port: 0)

    /// - Parameter early: What had arrived behind the last message about the relaying.
    init(_ stream: PeerStream, early: [UInt8]) {
        self.stream = stream
        self.early = Mutex(early)
    }

    func read(limit: Int) async throws(NetworkFailure) -> [UInt8] {
        let first = early.withLock { early in
            let first = Array(early.prefix(limit))
            early.removeFirst(first.count)
            return first
        }
        guard first.isEmpty else { return first }
        do {
            return try await stream.read(limit: limit)
        } catch {
            throw .closed
        }
    }

    func write(_ bytes: [UInt8]) async throws(NetworkFailure) {
        do {
            try await stream.write(bytes)
        } catch {
            throw .closed
        }
    }

    func close() {
        stream.close()
        ended.open()
    }

    /// Waits until it is closed. For one task.
    func waitUntilClosed() async { await ended.wait() }
}
