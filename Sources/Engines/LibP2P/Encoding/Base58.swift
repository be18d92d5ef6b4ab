// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

extension Base58 {
    /// The bytes of a text that a peer sent (LIBP-4).
    ///
    /// - Throws: ``WireFailure/malformed(_:)``, ``WireFailure/tooLong(limit:)``.
    public static func decode(_ text: some StringProtocol) throws(WireFailure) -> [UInt8] {
        let letters = Array(text.utf8)
        guard letters.count <= lengthMax else { throw .tooLong(limit: lengthMax) }
        guard let bytes = decode(letters) else { throw .malformed(.base58) }
        return bytes
    }
}
