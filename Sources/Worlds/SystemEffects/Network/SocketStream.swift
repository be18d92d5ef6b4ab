// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc

/// A TCP connection.
final class SocketStream: HalfClosableStream {
    let remote: Endpoint
    let socket: Socket
    /// Where file ranges are sent from.
    let disk: ThreadPool

    /// The most bytes one read takes: one system call's worth that stays below the allocator's
    /// threshold for fresh memory.
    static let readBytesMax = 65_536
    /// The most bytes one write hands to the system at once: 1 MiB, so that the lock is held
    /// shortly.
    static let writeBytesMax = 1_048_576
    /// No SIGPIPE when the peer has gone.
    private static let flags = Int32(MSG_NOSIGNAL)

    init(_ socket: Socket, remote: Endpoint, disk: ThreadPool) {
        self.socket = socket
        self.remote = remote
        self.disk = disk
    }

    deinit { socket.close() }

    func read(limit: Int) async throws(NetworkFailure) -> [UInt8] {
        precondition(limit > 0, "a read takes at least one byte")
        let count = min(limit, Self.readBytesMax)
        var bytes: [UInt8] = []
        _ = try await socket.perform(.reading) { descriptor in
            // The bytes are copied out of scratch memory, so a short read keeps little alive.
            withUnsafeTemporaryAllocation(byteCount: count, alignment: 16) { scratch in
                let got = recv(descriptor, scratch.baseAddress, count, 0)
                if got > 0 { bytes = [UInt8](scratch[0..<got]) }
                return got
            }
        }
        return bytes
    }

    func write(_ bytes: [UInt8]) async throws(NetworkFailure) {
        var sent = 0
        while sent < bytes.count {
            let from = sent
            let count = min(bytes.count - from, Self.writeBytesMax)
            let taken = try await socket.perform(.writing) { descriptor in
                bytes.withUnsafeBytes { buffer in
                    send(descriptor, buffer.baseAddress.map { $0 + from }, count, Self.flags)
                }
            }
            sent += taken ?? 0
        }
    }

    func endWriting() throws(NetworkFailure) {
        _ = try socket.attempt(.writing) { Int(shutdown($0, Int32(SHUT_WR))) }
    }

    func close() { socket.close() }
}
