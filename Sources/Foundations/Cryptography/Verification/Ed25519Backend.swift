// SPDX-License-Identifier: Apache-2.0

/// The code that decides signatures. All backends give the same verdicts (CRYPTO-5); they differ in
/// what they need and how long they take.
package enum Ed25519Backend: String, CaseIterable, Sendable {
    /// Eight at a time with AVX-512 IFMA, where the machine has it (CRYPTO-13).
    case lanes
    /// One at a time: libsodium first, then the rule itself (CRYPTO-4).
    case library
    /// One at a time by the rule as it is written, in Swift.
    case portable

    /// Whether this machine can run it.
    package var isAvailable: Bool {
        switch self {
        case .lanes: LaneVerifier.isReady
        case .library, .portable: true
        }
    }
}
