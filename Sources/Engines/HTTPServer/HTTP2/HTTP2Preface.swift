// SPDX-License-Identifier: Apache-2.0

/// How a client says with its first bytes that it speaks HTTP/2 (RFC 9113 section 3.4).
///
/// The bytes are no request of HTTP/1.1, so nobody can be misled about who speaks what.
enum HTTP2Preface {
    static let bytes = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    /// Whether all of it has come.
    static func begins(_ received: [UInt8]) -> Bool { received.starts(with: bytes) }

    /// Whether what has come may go on to be it.
    static func mayBegin(_ received: [UInt8]) -> Bool {
        received.count < bytes.count && bytes.starts(with: received)
    }
}
