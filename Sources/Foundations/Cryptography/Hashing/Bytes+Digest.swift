// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

extension CanonicalCodable {
    /// The SHA-256 of a domain tag, a zero byte and the canonical bytes.
    ///
    /// - Parameter domain: ASCII that no other type uses, such as `atoll/block/1`.
    public func digest(domain: String) -> Digest {
        SHA256.hash(signedBytes(domain: domain))
    }

    /// What is signed: a domain tag, a zero byte, the canonical bytes (ENCODING-11).
    public func signedBytes(domain: String) -> [UInt8] {
        Array(domain.utf8) + [0] + canonicalBytes
    }
}
