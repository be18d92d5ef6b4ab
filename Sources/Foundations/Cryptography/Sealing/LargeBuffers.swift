// SPDX-License-Identifier: Apache-2.0
import CCrypto
import Vocabulary

/// ChaCha20-Poly1305 by OpenSSL, about three times as fast as libsodium on long messages.
enum LargeBuffers {
    /// The shortest message that repays making a context: 2 KiB.
    static let bytesMin = 2_048

    // OpenSSL's cipher objects are counted and immutable; this one lives as long as the process.
    nonisolated(unsafe) static let cipher = EVP_CIPHER_fetch(
        nil, "ChaCha20-Poly1305", nil)

    static func seal(
        _ plaintext: [UInt8], _ key: Bytes32, _ nonce: [UInt8], _ associatedData: [UInt8]
    ) -> [UInt8] {
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        let tagCount = ChaCha20Poly1305.tagCount
        var good = EVP_EncryptInit_ex(context, cipher, nil, key.bytes, nonce) == 1
        good = good && absorb(associatedData, context, EVP_EncryptUpdate)
        let sealed = [UInt8](unsafeUninitializedCapacity: plaintext.count + tagCount) {
            out, filled in
            good = good && run(plaintext[...], context, into: out, EVP_EncryptUpdate)
            let tag = out.baseAddress?.advanced(by: plaintext.count)
            var more: CInt = 0
            good = good && EVP_EncryptFinal_ex(context, tag, &more) == 1
            good =
                good
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CInt(tagCount), tag) == 1
            filled = plaintext.count + tagCount
        }
        precondition(good, "OpenSSL did not seal: the machine has no memory left")
        return sealed
    }

    /// The plaintext, or nothing when the tag is wrong. `sealed` holds at least a tag.
    static func open(
        _ sealed: [UInt8], _ key: Bytes32, _ nonce: [UInt8], _ associatedData: [UInt8]
    ) -> [UInt8]? {
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        let count = sealed.count - ChaCha20Poly1305.tagCount
        var tag = Array(sealed[count...])
        var good = EVP_DecryptInit_ex(context, cipher, nil, key.bytes, nonce) == 1
        good =
            good
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, CInt(tag.count), &tag) == 1
        good = good && absorb(associatedData, context, EVP_DecryptUpdate)
        let plaintext = [UInt8](unsafeUninitializedCapacity: count) { out, filled in
            good = good && run(sealed[..<count], context, into: out, EVP_DecryptUpdate)
            var more: CInt = 0
            good = good && EVP_DecryptFinal_ex(context, out.baseAddress, &more) == 1
            filled = good ? count : 0
        }
        return good ? plaintext : nil
    }

    private typealias Update = (
        OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<CInt>?,
        UnsafePointer<UInt8>?, CInt
    ) -> CInt

    // One call takes at most this much, since lengths are C ints: 1 GiB.
    private static let pieceBytesMax = 1 << 30

    private static func absorb(
        _ data: [UInt8], _ context: OpaquePointer?, _ update: Update
    ) -> Bool {
        var done: CInt = 0
        guard !data.isEmpty else { return true }
        precondition(data.count <= pieceBytesMax, "associated data is short")
        return update(context, nil, &done, data, CInt(data.count)) == 1
    }

    private static func run(
        _ input: ArraySlice<UInt8>, _ context: OpaquePointer?,
        into output: UnsafeMutableBufferPointer<UInt8>, _ update: Update
    ) -> Bool {
        input.withUnsafeBufferPointer { bytes in
            for start in stride(from: 0, to: bytes.count, by: pieceBytesMax) {
                let piece = min(pieceBytesMax, bytes.count - start)
                var done: CInt = 0
                let target = output.baseAddress?.advanced(by: start)
                let source = bytes.baseAddress?.advanced(by: start)
                guard update(context, target, &done, source, CInt(piece)) == 1 else {
                    return false
                }
            }
            return true
        }
    }
}
