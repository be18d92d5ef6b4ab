// SPDX-License-Identifier: Apache-2.0
import CSodium

/// Starts libsodium once, before its first use.
enum CryptographyLibrary {
    private static let started: Bool = sodium_init() >= 0

    /// Returns when the library is ready.
    static func start() {
        precondition(started, "libsodium did not start: the system gives no random bytes")
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Where a C function may start to write; the buffer has at least one byte.
    var firstByte: UnsafeMutablePointer<UInt8> {
        guard let first = bindMemory(to: UInt8.self).baseAddress else {
            preconditionFailure("a buffer for a key, a hash or a secret is never empty")
        }
        return first
    }
}
