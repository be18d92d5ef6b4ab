// SPDX-License-Identifier: Apache-2.0
import CSSL
public import Vocabulary

/// Who is at the other end of a secured connection, as far as its certificate says.
///
/// It has the key: the handshake has shown that. Whether the names are that key's is for the
/// application to find out.
public struct SecurePeer: Hashable, Sendable {
    /// The most names that are read.
    public static let namesMax = 16

    /// The key, when it is one of Ed25519.
    public let key: PublicKey?
    /// The addresses among its names, such as a DID.
    public let addresses: [String]
    /// The certificate, as DER.
    public let certificate: [UInt8]

    /// Reads the other end's certificate, or nothing when it showed none.
    init?(of session: OpaquePointer) {
        guard let certificate = SSL_get1_peer_certificate(session) else { return nil }
        defer { X509_free(certificate) }
        key = Self.key(of: certificate)
        addresses = Self.addresses(of: certificate)
        let count = i2d_X509(certificate, nil)
        guard count > 0 else { return nil }
        self.certificate = [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, written in
            var end = buffer.baseAddress
            // It writes exactly the bytes it announced a moment ago.
            written = Int(max(0, i2d_X509(certificate, &end)))
        }
    }

    private static func key(of certificate: OpaquePointer) -> PublicKey? {
        guard let key = X509_get0_pubkey(certificate), EVP_PKEY_get_id(key) == EVP_PKEY_ED25519
        else { return nil }
        var count = Bytes32.count
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            let isRead = EVP_PKEY_get_raw_public_key(key, buffer.baseAddress, &count) == 1
            written = isRead ? count : 0
        }
        return Bytes32(bytes).map { PublicKey($0) }
    }

    private static func addresses(of certificate: OpaquePointer) -> [String] {
        guard let raw = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else {
            return []
        }
        let names = OpaquePointer(raw)
        defer { GENERAL_NAMES_free(names) }
        var found: [String] = []
        for index in 0..<min(OPENSSL_sk_num(names), Int32(namesMax)) {
            guard let item = OPENSSL_sk_value(names, index) else { continue }
            let name = item.assumingMemoryBound(to: GENERAL_NAME.self)
            guard name.pointee.type == GEN_URI, let text = name.pointee.d.ia5,
                let start = ASN1_STRING_get0_data(text)
            else { continue }
            let count = Int(ASN1_STRING_length(text))
            let bytes = UnsafeBufferPointer(start: start, count: count)
            // A name with a NUL or a letter beyond ASCII would read differently elsewhere.
            guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { continue }
            found.append(String(decoding: bytes, as: UTF8.self))
        }
        return found
    }
}
