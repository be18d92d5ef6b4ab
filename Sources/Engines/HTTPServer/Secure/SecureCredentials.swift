// SPDX-License-Identifier: Apache-2.0
import CSSL
public import Cryptography

/// Why a connection is not secured.
public enum SecurityFailure: Error, Hashable, Sendable {
    /// The certificate or key cannot be used; the words are the library's.
    case badCredentials(String)
    /// The handshake failed: no version, cipher or certificate in common, or bytes that are no TLS.
    case handshake(String)
    /// More bytes than a handshake needs.
    case tooLong
    /// Who is there is not who is trusted; the words say why.
    case untrusted(String)
    /// The connection ended.
    case closed
}

extension SecurityFailure {
    /// The reason in words.
    public var words: String {
        switch self {
        case .badCredentials(let words): "the certificate cannot be used: \(words)"
        case .handshake(let words): "no keys were agreed on: \(words)"
        case .tooLong: "the handshake is too long"
        case .untrusted(let words): words
        case .closed: "the connection ended while keys were agreed on"
        }
    }
}

/// A certificate and the key that goes with it.
public enum SecureCredentials: Sendable {
    /// Made from an identity's key (``SelfIssuedCertificate``); the certificate as DER.
    case issued(certificate: [UInt8], key: SigningKey)
    /// Read from files: a chain, the own certificate first, and its key, both as PEM.
    case files(chain: [UInt8], key: [UInt8])

    /// The most bytes of a file: chains have four certificates of two kilobytes.
    public static let fileBytesMax = 65_536
    /// The most certificates of a chain.
    static let chainMax = 8

    /// Puts certificate and key into a context.
    func use(in context: OpaquePointer) throws(SecurityFailure) {
        ERR_clear_error()
        switch self {
        case .issued(let certificate, let key): try Self.use(certificate, key, in: context)
        case .files(let chain, let key): try Self.use(chain, key, in: context)
        }
        guard SSL_CTX_check_private_key(context) == 1 else { throw Self.failure() }
    }

    private static func use(
        _ certificate: [UInt8], _ key: SigningKey, in context: OpaquePointer
    ) throws(SecurityFailure) {
        guard SSL_CTX_use_certificate_ASN1(context, Int32(certificate.count), certificate) == 1
        else { throw failure() }
        let seed = key.seed
        guard let secret = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
        else { throw failure() }
        defer { EVP_PKEY_free(secret) }
        guard SSL_CTX_use_PrivateKey(context, secret) == 1 else { throw failure() }
    }

    private static func use(
        _ chain: [UInt8], _ key: [UInt8], in context: OpaquePointer
    ) throws(SecurityFailure) {
        guard chain.count <= fileBytesMax, key.count <= fileBytesMax else {
            throw .badCredentials("a file has more than \(fileBytesMax) bytes")
        }
        let texts = BIO_new_mem_buf(chain, Int32(chain.count))
        defer { BIO_free(texts) }
        guard let own = PEM_read_bio_X509(texts, nil, nil, nil) else { throw failure() }
        defer { X509_free(own) }
        guard SSL_CTX_use_certificate(context, own) == 1 else { throw failure() }
        for _ in 0..<chainMax {
            guard let next = PEM_read_bio_X509(texts, nil, nil, nil) else { break }
            defer { X509_free(next) }
            // SSL_CTX_add1_chain_cert, which is a macro: the context counts its own reference.
            let raw = UnsafeMutableRawPointer(next)
            guard SSL_CTX_ctrl(context, SSL_CTRL_CHAIN_CERT, 1, raw) == 1 else { throw failure() }
        }
        let words = BIO_new_mem_buf(key, Int32(key.count))
        defer { BIO_free(words) }
        // A sealed key would ask a terminal for its passphrase; it is refused instead.
        guard let secret = PEM_read_bio_PrivateKey(words, nil, { _, _, _, _ in 0 }, nil) else {
            throw failure()
        }
        defer { EVP_PKEY_free(secret) }
        guard SSL_CTX_use_PrivateKey(context, secret) == 1 else { throw failure() }
        ERR_clear_error()
    }

    private static func failure() -> SecurityFailure { .badCredentials(LibraryWords.take()) }
}

/// What the library says about its last failure.
enum LibraryWords {
    /// The first failure noted in this thread, and forgets all.
    static func take() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0, let words = ERR_reason_error_string(code) else { return "no reason given" }
        return String(cString: words)
    }
}
