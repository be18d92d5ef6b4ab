// SPDX-License-Identifier: Apache-2.0
import CSSL
import Effects

/// Whom a client trusts behind `https://`, and who it is itself (HTTP-65, HTTP-66).
public final class ClientSecurity: Sendable {
    /// Who may answer.
    public enum Trust: Sendable {
        /// Those for whom an authority of the system's store vouches, under the name of the host.
        case system
        /// Those for whom one of these certificates vouches, under the name of the host; as PEM.
        /// One that vouches for itself is trusted as it is.
        case authorities(pem: [UInt8])
        /// Those whom the caller knows by their key, whatever the host is called: it says why it
        /// does not trust somebody, or nothing.
        case judged(by: @Sendable (SecurePeer) async -> String?)
    }

    /// The most bytes of a bundle of authorities: four times that of a usual system's.
    public static let bundleBytesMax = 1 << 20
    /// The most certificates of a bundle: usual systems trust about 140.
    static let bundleMax = 1_024

    private let context: SecureContext
    private let trust: Trust

    /// Trusts somebody; shows a certificate when asked for one.
    ///
    /// - Throws: ``SecurityFailure/badCredentials(_:)``.
    public init(
        _ trust: Trust, credentials: SecureCredentials? = nil
    ) throws(SecurityFailure) {
        context = try SecureContext(trust, credentials)
        self.trust = trust
    }

    /// Secures a connection to a host and looks who is there, before anything is sent. The caller
    /// bounds the time.
    ///
    /// - Throws: ``SecurityFailure``; the connection is closed then.
    func connect(
        _ stream: any ByteStream, to endpoint: Endpoint
    ) async throws(SecurityFailure) -> SecureStream {
        guard let session = SecureSession(context, .client(of: endpoint.host)) else {
            stream.close()
            throw .handshake("no memory")
        }
        let secured = SecureStream(stream, session)
        do {
            try await secured.shakeHands()
            try await check(secured)
            return secured
        } catch {
            stream.close()
            guard case .judged = trust else {
                throw secured.mistrust.map { .untrusted($0) } ?? error
            }
            throw error
        }
    }

    private func check(_ stream: SecureStream) async throws(SecurityFailure) {
        guard case .judged(let judge) = trust else { return }
        guard let peer = stream.peer else { throw .untrusted("it shows no certificate") }
        if let reason = await judge(peer) { throw .untrusted(reason) }
    }
}

extension ClientSecurity.Trust {
    /// Puts the authorities into a context. Whom the caller judges, the library lets pass: the
    /// handshake shows that the key is there all the same.
    func use(in context: OpaquePointer) throws(SecurityFailure) {
        ERR_clear_error()
        switch self {
        case .judged:
            SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)
        case .system:
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
            guard SSL_CTX_set_default_verify_paths(context) == 1 else {
                throw .badCredentials(LibraryWords.take())
            }
        case .authorities(let pem):
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
            try Self.add(pem, to: context)
        }
    }

    private static func add(_ pem: [UInt8], to context: OpaquePointer) throws(SecurityFailure) {
        guard pem.count <= ClientSecurity.bundleBytesMax else {
            throw .badCredentials("the bundle has more than \(ClientSecurity.bundleBytesMax) bytes")
        }
        let texts = BIO_new_mem_buf(pem, Int32(pem.count))
        defer { BIO_free(texts) }
        let store = SSL_CTX_get_cert_store(context)
        var count = 0
        while count < ClientSecurity.bundleMax,
            let certificate = PEM_read_bio_X509(texts, nil, nil, nil)
        {
            defer { X509_free(certificate) }
            // The store counts its own reference.
            guard X509_STORE_add_cert(store, certificate) == 1 else {
                throw .badCredentials(LibraryWords.take())
            }
            count += 1
        }
        ERR_clear_error()
        guard count > 0 else { throw .badCredentials("there is no certificate in it") }
    }
}
