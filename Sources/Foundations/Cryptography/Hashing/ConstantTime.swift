// SPDX-License-Identifier: Apache-2.0
import CSodium

/// Comparison whose time tells nothing about where two byte strings differ (CRYPTO-8).
public enum ConstantTime {
    /// Whether the bytes are the same; only the lengths may show in the time taken.
    public static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return sodium_memcmp(left, right, left.count) == 0
    }
}
