// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Keys from a secret: HKDF with SHA-256 (RFC 5869, CRYPTO-8).
public enum HKDF {
    /// The most bytes one expansion gives: 255 blocks of 32 (RFC 5869 §2.3).
    public static let outputBytesMax = 255 * Bytes32.count

    /// Gathers a secret that need not be uniform into a key that is.
    ///
    /// - Parameter salt: Public, of any length; empty stands for 32 zero bytes.
    public static func extract(salt: [UInt8], secret: [UInt8]) -> Bytes32 {
        HMACSHA256.authenticate(secret, key: salt)
    }

    /// Draws `count` bytes from a uniform key for the purpose that `info` names.
    ///
    /// - Parameter count: 0 to ``outputBytesMax``.
    public static func expand(_ key: Bytes32, info: [UInt8], count: Int) -> [UInt8] {
        precondition(count >= 0 && count <= outputBytesMax, "HKDF gives at most 255 blocks")
        let keyBytes = key.bytes
        var output: [UInt8] = []
        output.reserveCapacity(count + Bytes32.count)
        var block: [UInt8] = []
        var index: UInt8 = 0
        while output.count < count {
            index += 1
            block = HMACSHA256.authenticate([block, info, [index]], key: keyBytes).bytes
            output += block
        }
        return Array(output.prefix(count))
    }

    /// Extracts, then expands.
    ///
    /// - Parameter count: 0 to ``outputBytesMax``.
    public static func derive(
        from secret: [UInt8], salt: [UInt8], info: [UInt8], count: Int
    ) -> [UInt8] {
        expand(extract(salt: salt, secret: secret), info: info, count: count)
    }
}
