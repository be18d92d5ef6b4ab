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
