// SPDX-License-Identifier: Apache-2.0
import CCrypto
import CSodium
import Vocabulary

/// Many messages of one key in one buffer: sealed and opened in place, by OpenSSL where they are
/// long and by libsodium where they are short.
extension ChaCha20Poly1305 {
    /// What stands before a sealed message: its length.
    private static let lengthCount = NoiseCipher.lengthBytes

    /// Cuts plaintext into pieces and seals each behind its length, under rising nonces.
    static func sealFrames(
        _ plaintext: [UInt8], pieceBytesMax: Int, key: Bytes32, firstNonce: UInt64
    ) -> [UInt8] {
        let pieces = (plaintext.count + pieceBytesMax - 1) / pieceBytesMax
        let total = plaintext.count + pieces * (lengthCount + tagCount)
        let worker = FrameCipher(key)
        return [UInt8](unsafeUninitializedCapacity: total) { out, filled in
            plaintext.withUnsafeBufferPointer { bytes in
                var read = 0
                var nonce = firstNonce
                while read < bytes.count {
                    let count = min(pieceBytesMax, bytes.count - read)
                    let length = count + tagCount
                    out[filled] = UInt8(truncatingIfNeeded: length >> 8)
                    out[filled + 1] = UInt8(truncatingIfNeeded: length)
                    filled += lengthCount
                    worker.seal(
                        UnsafeBufferPointer(rebasing: bytes[read..<read + count]),
                        into: UnsafeMutableBufferPointer(rebasing: out[filled..<filled + length]),
                        nonce: NoiseCipher.bytes(ofNonce: nonce))
                    read += count
                    filled += length
                    nonce += 1
                }
            }
        }
    }

    /// Opens messages that lie in `stream`, under rising nonces, and joins what was in them;
    /// nothing when one of them is forged.
    static func openFrames(
        _ stream: [UInt8], _ frames: [Range<Int>], key: Bytes32, firstNonce: UInt64
    ) -> [UInt8]? {
        let total = frames.reduce(0) { $0 + $1.count - tagCount }
        let worker = FrameCipher(key)
        var isGood = true
        let opened = [UInt8](unsafeUninitializedCapacity: total) { out, filled in
            stream.withUnsafeBufferPointer { bytes in
                var nonce = firstNonce
                for frame in frames where isGood {
                    let count = frame.count - tagCount
                    isGood = worker.open(
                        UnsafeBufferPointer(rebasing: bytes[frame]),
                        into: UnsafeMutableBufferPointer(rebasing: out[filled..<filled + count]),
                        nonce: NoiseCipher.bytes(ofNonce: nonce))
                    // What did not open is never shown.
                    filled = isGood ? filled + count : 0
                    nonce += 1
                }
            }
        }
        return isGood ? opened : nil
    }
}

/// One key at work on the messages of one buffer; it keeps OpenSSL's context between them.
private struct FrameCipher: ~Copyable {
    private let key: [UInt8]
    private let large: LargeFrames

    init(_ key: Bytes32) {
        self.key = key.bytes
        large = LargeFrames()
        CryptographyLibrary.start()
    }

    /// Seals into a buffer that is longer by a tag.
    func seal(
        _ plaintext: UnsafeBufferPointer<UInt8>, into out: UnsafeMutableBufferPointer<UInt8>,
        nonce: [UInt8]
    ) {
        guard plaintext.count < LargeBuffers.bytesMin, let target = out.baseAddress else {
            return large.seal(plaintext, into: out, key, nonce)
        }
        crypto_aead_chacha20poly1305_ietf_encrypt(
            target, nil, plaintext.baseAddress, UInt64(plaintext.count), nil, 0, nil,
            nonce, key)
    }

    /// Opens into a buffer that is shorter by a tag; false when the message is forged.
    func open(
        _ sealed: UnsafeBufferPointer<UInt8>, into out: UnsafeMutableBufferPointer<UInt8>,
        nonce: [UInt8]
    ) -> Bool {
        guard sealed.count < LargeBuffers.bytesMin, let source = sealed.baseAddress else {
            return large.open(sealed, into: out, key, nonce)
        }
        return crypto_aead_chacha20poly1305_ietf_decrypt(
            out.baseAddress, nil, nil, source, UInt64(sealed.count), nil, 0, nonce,
            key) == 0
    }
}

/// OpenSSL's context for the messages of one buffer.
private struct LargeFrames: ~Copyable {
    private let context = EVP_CIPHER_CTX_new()

    deinit { EVP_CIPHER_CTX_free(context) }

    func seal(
        _ plaintext: UnsafeBufferPointer<UInt8>, into out: UnsafeMutableBufferPointer<UInt8>,
        _ key: [UInt8], _ nonce: [UInt8]
    ) {
        let tagCount = CInt(ChaCha20Poly1305.tagCount)
        let tag = out.baseAddress?.advanced(by: plaintext.count)
        var done: CInt = 0
        var good = EVP_EncryptInit_ex(context, LargeBuffers.cipher, nil, key, nonce) == 1
        good =
            good
            && EVP_EncryptUpdate(
                context, out.baseAddress, &done, plaintext.baseAddress, CInt(plaintext.count)) == 1
        good = good && EVP_EncryptFinal_ex(context, tag, &done) == 1
        good = good && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tagCount, tag) == 1
        precondition(good, "OpenSSL did not seal: the machine has no memory left")
    }

    func open(
        _ sealed: UnsafeBufferPointer<UInt8>, into out: UnsafeMutableBufferPointer<UInt8>,
        _ key: [UInt8], _ nonce: [UInt8]
    ) -> Bool {
        let count = sealed.count - ChaCha20Poly1305.tagCount
        var tag = Array(sealed[count...])
        var done: CInt = 0
        var good = EVP_DecryptInit_ex(context, LargeBuffers.cipher, nil, key, nonce) == 1
        good =
            good
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, CInt(tag.count), &tag) == 1
        good =
            good
            && EVP_DecryptUpdate(
                context, out.baseAddress, &done, sealed.baseAddress, CInt(count)) == 1
        return good && EVP_DecryptFinal_ex(context, out.baseAddress, &done) == 1
    }
}
