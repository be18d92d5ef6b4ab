// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

/// A plain connection to a port of loopback, for saying what no client would.
final class Wire {
    private let descriptor: Int32

    /// Connects; whatever blocks ends after so many seconds.
    init(port: UInt16, patienceSeconds: Int = 2) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var patience = timeval(tv_sec: patienceSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        var address = sockaddr_in.loopback(port)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(descriptor)
            throw HarnessFailure("nobody listens on port \(port)")
        }
    }

    deinit { close(descriptor) }

    /// Sends bytes, as many as the other side takes.
    ///
    /// - Returns: How many went out.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            sent += count
        }
        return sent
    }

    /// Sends a text.
    @discardableResult
    func send(_ text: String) -> Int { send(Array(text.utf8)) }

    /// One HTTP response, whose head states its length.
    func receiveResponse() -> String {
        var bytes: [UInt8] = []
        while let piece = receivePiece(), !piece.isEmpty {
            bytes += piece
            let text = String(decoding: bytes, as: UTF8.self)
            guard let head = text.range(of: "\r\n\r\n") else { continue }
            let field = text[..<head.lowerBound].split(separator: "\r\n")
                .first { $0.lowercased().hasPrefix("content-length:") }
            let length = field?.split(separator: " ").last.flatMap { Int($0) } ?? 0
            if text[head.upperBound...].utf8.count >= length { return text }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The next bytes; none at the other side's end, nothing when it is silent.
    func receivePiece() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0 { return errno == ECONNRESET || errno == EPIPE ? [] : nil }
        return Array(buffer.prefix(count))
    }

    /// Whether something can be read without waiting: an answer, or the other side's end.
    var hasNews: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    /// Makes the end of this connection a reset instead of a goodbye.
    func resetAtEnd() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }
}

/// Runs what blocks on a thread of its own.
func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result(catching: body)) }.start()
    }
}
