// SPDX-License-Identifier: Apache-2.0

/// Why a key file gives no key.
public enum KeyFileFailure: Error, Equatable, Sendable {
    /// The seal does not open: another passphrase, or a file changed where only the seal shows it.
    case wrongPassphrase
    /// The bytes are not a key file; the reason is a sentence for people.
    case damaged(reason: String)
    /// The file is of a version that this program does not know.
    case unsupportedVersion(String)
    /// The file asks for more passes or memory than ``DerivationLimits`` allows.
    case limitsTooHigh
    /// The machine could not give the memory, in KiB, that the file's limits need.
    case notEnoughMemory(kibibytes: Int)
}
