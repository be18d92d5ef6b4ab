// SPDX-License-Identifier: Apache-2.0
import Effects

// How a handler that waits for long learns that its client has gone.

extension HTTPRequest {
    /// Waits until the client ends its side of the connection.
    ///
    /// Call it in a task of its own once the body has been read to its end; cancel that task and
    /// wait for its end before the handler returns, for the connection is read by one task at a
    /// time. What the client sends meanwhile is kept for the next request, up to 64 KiB.
    ///
    /// - Returns: True when the client has gone; false when the task was cancelled, when the body
    ///   is not at its end, or when the client sends more than is kept.
    public func clientDeparted() async -> Bool { await body.source.departed(serial: body.serial) }
}

extension HTTPConnection {
    /// Reads ahead until the client's end, for the request with this number.
    func departed(serial: UInt64) async -> Bool {
        guard serial == self.serial, !isReading, case .ended = body else { return false }
        isReading = true
        defer { isReading = false }
        var ahead = 0
        while ahead < HTTPLimits.readBytesMax {
            do {
                let bytes = try await stream.read(limit: HTTPLimits.readBytesMax)
                guard !bytes.isEmpty else { return true }
                state.count { $0.bytesRead += UInt64(bytes.count) }
                ahead += bytes.count
                parser.feed(bytes)
            } catch .cancelled {
                return false
            } catch {
                return true
            }
        }
        return false
    }
}
