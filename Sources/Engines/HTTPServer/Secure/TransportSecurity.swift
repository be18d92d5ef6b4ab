// SPDX-License-Identifier: Apache-2.0
import CSSL
public import Effects
import Synchronization

/// Secures connections with TLS 1.2 or 1.3 (RFC 5246, RFC 8446; HTTP-60).
///
/// Certificates are exchanged without a stop: connections begun before keep the old one.
public final class TransportSecurity: Sendable {
    /// What is asked of those who connect.
    public enum ClientCertificates: Hashable, Sendable {
        /// Nothing.
        case unasked
        /// A certificate, if they have one.
        case asked
        /// A certificate; without one the handshake fails.
        case required
        /// A certificate for which one of these authorities vouches, as PEM; without one the
        /// handshake fails.
        case vouched(authorities: [UInt8])
    }

    /// The most bytes of a certificate chain that the other end may show: 16 KiB.
    static let chainBytesMax = 16_384
    /// The protocols on top, the better one first.
    static let protocolNames = ["h2", "http/1.1"].map { Array($0.utf8) }
    /// The one protocol that this house's client speaks.
    static let clientProtocolName: [UInt8] = Array("http/1.1".utf8)

    private let clients: ClientCertificates
    private let context: Mutex<SecureContext>

    /// Prepares to secure connections.
    ///
    /// - Throws: ``SecurityFailure/badCredentials(_:)``.
    public init(
        _ credentials: SecureCredentials, clients: ClientCertificates = .unasked
    ) throws(SecurityFailure) {
        self.clients = clients
        context = Mutex(try SecureContext(credentials, clients))
    }

    /// Shows another certificate from now on.
    ///
    /// - Throws: ``SecurityFailure/badCredentials(_:)``; the old one then stays.
    public func replace(with credentials: SecureCredentials) throws(SecurityFailure) {
        let next = try SecureContext(credentials, clients)
        context.withLock { $0 = next }
    }

    /// Secures a connection that somebody else began. The caller bounds the time.
    ///
    /// Cost: about 0.3 ms of processor time.
    ///
    /// - Throws: ``SecurityFailure``; the connection is closed then.
    public func accept(_ stream: any ByteStream) async throws(SecurityFailure) -> SecureStream {
        try await secure(stream, isServer: true)
    }

    /// Secures a connection that this end began. Who is there is for the caller to look at:
    /// ``SecureStream/peer``. The caller bounds the time.
    ///
    /// - Throws: ``SecurityFailure``; the connection is closed then.
    public func connect(_ stream: any ByteStream) async throws(SecurityFailure) -> SecureStream {
        try await secure(stream, isServer: false)
    }

    private func secure(
        _ stream: any ByteStream, isServer: Bool
    ) async throws(SecurityFailure) -> SecureStream {
        let current = context.withLock(\.self)
        guard let session = SecureSession(current, isServer ? .server : .client(of: nil)) else {
            stream.close()
            throw .handshake("no memory")
        }
        let secured = SecureStream(stream, session)
        do {
            try await secured.shakeHands()
            return secured
        } catch {
            stream.close()
            throw error
        }
    }
}

/// The library's settings for many connections; counted, and not changed once made.
final class SecureContext: @unchecked Sendable {
    // Sound: the context is changed by its initializer alone, and OpenSSL counts references to it
    // with atomic operations.
    let raw: OpaquePointer

    /// For a service that shows a certificate.
    init(
        _ credentials: SecureCredentials, _ clients: TransportSecurity.ClientCertificates
    ) throws(SecurityFailure) {
        raw = try Self.plain()
        try Self.ask(clients, raw)
        SSL_CTX_set_alpn_select_cb(raw, Self.choose, nil)
        try credentials.use(in: raw)
    }

    /// For a client that trusts somebody, and shows a certificate when it has one.
    init(
        _ trust: ClientSecurity.Trust, _ credentials: SecureCredentials?
    ) throws(SecurityFailure) {
        raw = try Self.plain()
        let name = TransportSecurity.clientProtocolName
        SSL_CTX_set_alpn_protos(raw, [UInt8(name.count)] + name, UInt32(name.count + 1))
        try trust.use(in: raw)
        try credentials?.use(in: raw)
    }

    /// What holds for both ends.
    private static func plain() throws(SecurityFailure) -> OpaquePointer {
        guard let raw = SSL_CTX_new(TLS_method()) else {
            throw .badCredentials(LibraryWords.take())
        }
        SSL_CTX_ctrl(raw, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        // A renegotiation would change the peer under a running request, tickets would outlive a
        // change of certificates, and compression tells secrets by their length.
        let options =
            UInt64(1) << 30 /* SSL_OP_NO_RENEGOTIATION */ | UInt64(1) << 14 /* SSL_OP_NO_TICKET */
            | UInt64(1) << 17 /* SSL_OP_NO_COMPRESSION */
        SSL_CTX_set_options(raw, options)
        SSL_CTX_ctrl(raw, SSL_CTRL_SET_SESS_CACHE_MODE, Int(SSL_SESS_CACHE_OFF), nil)
        SSL_CTX_ctrl(raw, SSL_CTRL_SET_MAX_CERT_LIST, TransportSecurity.chainBytesMax, nil)
        let modern = "ECDHE+AESGCM:ECDHE+CHACHA20"
        guard SSL_CTX_set_cipher_list(raw, modern) == 1 else {
            SSL_CTX_free(raw)
            throw .badCredentials(LibraryWords.take())
        }
        return raw
    }

    deinit { SSL_CTX_free(raw) }

    /// Certificates issue themselves, unless authorities are named: that the key is there the
    /// handshake shows, and whose it is the application finds out. So no chain is built then.
    private static func ask(
        _ clients: TransportSecurity.ClientCertificates, _ raw: OpaquePointer
    ) throws(SecurityFailure) {
        let always = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
        switch clients {
        case .unasked: SSL_CTX_set_verify(raw, SSL_VERIFY_NONE) { _, _ in 1 }
        case .asked: SSL_CTX_set_verify(raw, SSL_VERIFY_PEER) { _, _ in 1 }
        case .required: SSL_CTX_set_verify(raw, always) { _, _ in 1 }
        case .vouched(let authorities):
            try ClientSecurity.Trust.authorities(pem: authorities).use(in: raw)
            SSL_CTX_set_verify(raw, always, nil)
        }
    }

    /// Takes the best protocol among those a client offers; without one the connection fails.
    private static let choose: SSL_CTX_alpn_select_cb_func = {
        _, chosen, chosenCount, offered, offeredCount, _ in
        guard let chosen, let chosenCount, let offered else { return SSL_TLSEXT_ERR_NOACK }
        for wanted in TransportSecurity.protocolNames {
            var place = 0
            while place < Int(offeredCount) {
                let count = Int(offered[place])
                guard place + 1 + count <= Int(offeredCount) else { break }
                let name = UnsafeBufferPointer(start: offered + place + 1, count: count)
                if name.elementsEqual(wanted) {
                    chosen.pointee = offered + place + 1
                    chosenCount.pointee = UInt8(count)
                    return SSL_TLSEXT_ERR_OK
                }
                place += 1 + count
            }
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }
}
