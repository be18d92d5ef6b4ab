// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Where a run is told.
enum Terminal {
    static func tell(_ text: String) { put(text, to: STDOUT_FILENO) }

    static func say(_ text: String) { put(text, to: STDERR_FILENO) }

    private static func put(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}
