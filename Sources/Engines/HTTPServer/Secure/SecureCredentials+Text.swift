// SPDX-License-Identifier: Apache-2.0
import CSSL

extension SecureCredentials {
    /// Certificate and key as the texts that other programs read (RFC 7468); files as they are. The
    /// key is not sealed.
    ///
    /// - Throws: ``SecurityFailure/badCredentials(_:)``.
    public func texts() throws(SecurityFailure) -> (chain: [UInt8], key: [UInt8]) {
        guard case .issued(let certificate, let key) = self else {
            guard case .files(let chain, let key) = self else { return ([], []) }
            return (chain, key)
        }
        ERR_clear_error()
        let seed = key.seed
        let read = certificate.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var start = bytes.baseAddress
            return d2i_X509(nil, &start, bytes.count)
        }
        guard let read else { throw .badCredentials(LibraryWords.take()) }
        defer { X509_free(read) }
        guard let secret = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
        else { throw .badCredentials(LibraryWords.take()) }
        defer { EVP_PKEY_free(secret) }
        return (
            try Self.text { PEM_write_bio_X509($0, read) },
            try Self.text { PEM_write_bio_PrivateKey($0, secret, nil, nil, 0, nil, nil) }
        )
    }

    /// What a writer of the library puts into a buffer.
    private static func text(
        _ write: (OpaquePointer) -> Int32
    ) throws(SecurityFailure) -> [UInt8] {
        guard let buffer = BIO_new(BIO_s_mem()) else { throw .badCredentials("no memory") }
        defer { BIO_free(buffer) }
        guard write(buffer) == 1 else { throw .badCredentials(LibraryWords.take()) }
        let count = BIO_ctrl_pending(buffer)
        return [UInt8](unsafeUninitializedCapacity: count) { bytes, written in
            // It reads at most the bytes that wait.
            written = Int(max(0, BIO_read(buffer, bytes.baseAddress, Int32(count))))
        }
    }
}
