// SPDX-License-Identifier: Apache-2.0

/// What one guess at a passphrase costs: Argon2id's passes over its memory (RFC 9106).
///
/// A key file states them, so that they can be raised without a new format; the upper bounds keep
/// a hostile file from taking the machine's memory or its hours (CRYPTO-10).
public struct DerivationLimits: Hashable, Sendable {
    /// How often Argon2id goes over its memory: 1 to ``passesMax``.
    public let passes: Int

    /// How much memory it fills, in KiB: ``memoryKibibytesMin`` to ``memoryKibibytesMax``.
    public let memoryKibibytes: Int

    /// The most passes: 10, which over the most memory take about four seconds.
    public static let passesMax = 10

    /// The least memory Argon2 works with: 8 KiB (RFC 9106 §3.1, one lane).
    public static let memoryKibibytesMin = 8

    /// The most memory: 1 GiB, half of what a small server has.
    public static let memoryKibibytesMax = 1 << 20

    /// For key files: 3 passes over 64 MiB (RFC 9106 §4, second choice), about 0.1 s.
    public static let standard = DerivationLimits(checkedPasses: 3, memoryKibibytes: 64 << 10)

    /// Takes limits within the bounds above.
    ///
    /// - Returns: Nothing when a number is out of its bounds.
    public init?(passes: Int, memoryKibibytes: Int) {
        guard (1...Self.passesMax).contains(passes) else { return nil }
        guard (Self.memoryKibibytesMin...Self.memoryKibibytesMax).contains(memoryKibibytes) else {
            return nil
        }
        self.init(checkedPasses: passes, memoryKibibytes: memoryKibibytes)
    }

    private init(checkedPasses passes: Int, memoryKibibytes: Int) {
        self.passes = passes
        self.memoryKibibytes = memoryKibibytes
    }
}
