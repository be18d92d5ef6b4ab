// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// A connection that speaks another protocol now: first what came with the last request, then the
/// rest of the stream.
final class UpgradedStream: ByteStream {
    private let stream: any ByteStream
    private let received: Mutex<[UInt8]>

    init(_ stream: any ByteStream, received: [UInt8]) {
        self.stream = stream
        self.received = Mutex(received)
    }

    var remote: Endpoint { stream.remote }

    func read(limit: Int) async throws(NetworkFailure) -> [UInt8] {
        let early = received.withLock { bytes in
            let part = Array(bytes.prefix(limit))
            bytes.removeFirst(part.count)
            return part
        }
        return early.isEmpty ? try await stream.read(limit: limit) : early
    }

    func write(_ bytes: [UInt8]) async throws(NetworkFailure) { try await stream.write(bytes) }

    func close() { stream.close() }
}
