// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Where a run is told, and the clock of the machine it runs on.
enum Terminal {
    static func tell(_ text: String) { put(text, to: STDOUT_FILENO) }

    static func say(_ text: String) { put(text, to: STDERR_FILENO) }

    /// Seconds of a clock that only goes forward.
    static func seconds() -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(max(now.tv_sec, 0))
    }

    /// At once, so that a run that is cut off has said what it knew.
    private static func put(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                if errno == EINTR || errno == EAGAIN { continue }
                return
            }
            rest = rest.dropFirst(count)
        }
    }
}
