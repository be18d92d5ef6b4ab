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

    init?(_ context: SecureContext, isServer: Bool) {
        guard let raw = SSL_new(context.raw) else { return nil }
        guard let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem()) else {
            SSL_free(raw)
            return nil
        }
        // The session owns both buffers from here on.
        SSL_set_bio(raw, input, output)
        if isServer { SSL_set_accept_state(raw) } else { SSL_set_connect_state(raw) }
        self.raw = raw
        self.input = input
        self.output = output
    }

    deinit { SSL_free(raw) }

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
