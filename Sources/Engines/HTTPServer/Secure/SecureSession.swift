// SPDX-License-Identifier: Apache-2.0
import CSSL

/// One connection's state in the library: bytes of the wire in and out, plain bytes out and in.
///
/// It touches no socket; all that goes over the wire lies in two buffers. One caller at a time.
struct SecureSession: ~Copyable, @unchecked Sendable {
    // Sound: a session is only used under its stream's lock.
    private let raw: OpaquePointer
    private let input: OpaquePointer
    private let output: OpaquePointer

    /// What a step gave.
    enum Step {
        case done
        /// Bytes of the other end are needed.
        case wantsInput
        /// The other end has said that nothing follows.
        case ended
        case failed(String)
    }

    /// Which end of the connection this is.
    enum Side {
        case server
        /// A client; the host is what the certificate must be for, where authorities vouch for it.
        case client(of: String?)
    }

    init?(_ context: SecureContext, _ side: Side) {
        guard let raw = SSL_new(context.raw) else { return nil }
        guard let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem()) else {
            SSL_free(raw)
            return nil
        }
        // The session owns both buffers from here on.
        SSL_set_bio(raw, input, output)
        switch side {
        case .server: SSL_set_accept_state(raw)
        case .client(let host):
            SSL_set_connect_state(raw)
            if let host { Self.expect(host, raw) }
        }
        self.raw = raw
        self.input = input
        self.output = output
    }

    deinit { SSL_free(raw) }

    /// Asks for a host's certificate, by its number or its name, and takes no other's.
    private static func expect(_ host: String, _ raw: OpaquePointer) {
        let parameters = SSL_get0_param(raw)
        guard X509_VERIFY_PARAM_set1_ip_asc(parameters, host) != 1 else { return }
        SSL_set1_host(raw, host)
        // SSL_set_tlsext_host_name, which is a macro; the library keeps its own copy.
        _ = host.withCString { name in
            SSL_ctrl(
                raw, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name),
                UnsafeMutableRawPointer(mutating: name))
        }
    }

    /// Why nobody vouches for the other end, or nothing.
    var mistrust: String? {
        let verdict = SSL_get_verify_result(raw)
        guard verdict != Int(X509_V_OK), let words = X509_verify_cert_error_string(verdict) else {
            return nil
        }
        return String(cString: words)
    }

    /// Who is at the other end.
    var peer: SecurePeer? { SecurePeer(of: raw) }
    /// The version that was agreed on, such as `TLSv1.3`.
    var version: String { String(cString: SSL_get_version(raw)) }

    /// The protocol on top that was agreed on.
    var agreedProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(raw, &name, &count)
        guard let name, count > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
    }

    /// Takes bytes from the wire.
    func feed(_ bytes: [UInt8]) { BIO_write(input, bytes, Int32(bytes.count)) }

    /// All bytes that wait for the wire.
    func drain() -> [UInt8] {
        let count = BIO_ctrl_pending(output)
        guard count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            written = Int(max(0, BIO_read(output, buffer.baseAddress, Int32(count))))
        }
    }

    /// Goes on with the handshake.
    func shakeHands() -> Step {
        ERR_clear_error()
        return step(SSL_do_handshake(raw))
    }

    /// Plain bytes that have come, at most `limit`.
    func read(limit: Int) -> (bytes: [UInt8], step: Step) {
        ERR_clear_error()
        var step = Step.done
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, written in
            var count = 0
            let result = SSL_read_ex(raw, buffer.baseAddress, limit, &count)
            written = result == 1 ? count : 0
            step = self.step(result)
        }
        return (bytes, step)
    }

    /// Puts plain bytes into records, which then wait for the wire.
    func write(_ bytes: ArraySlice<UInt8>) -> Step {
        ERR_clear_error()
        return bytes.withUnsafeBytes { buffer in
            var count = 0
            let result = SSL_write_ex(raw, buffer.baseAddress, buffer.count, &count)
            // Buffers in memory take all or nothing.
            return step(result)
        }
    }

    /// Says that nothing follows.
    func end() {
        ERR_clear_error()
        _ = SSL_shutdown(raw)
        ERR_clear_error()
    }

    private func step(_ result: Int32) -> Step {
        guard result != 1 else { return .done }
        switch SSL_get_error(raw, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .wantsInput
        case SSL_ERROR_ZERO_RETURN: return .ended
        default: return .failed(LibraryWords.take())
        }
    }
}
