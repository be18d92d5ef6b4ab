// SPDX-License-Identifier: Apache-2.0

/// Why more of a response cannot be sent; the connection ends.
public enum HTTPWriteFailure: Error, Hashable, Sendable {
    /// The client has gone or took nothing for too long.
    case closed
    /// More bytes than the response announced.
    case tooLong
}

/// Sends the body of a streaming response at the client's speed.
public struct HTTPBodyWriter: Sendable {
    let sink: any RequestSource
    let serial: UInt64

    /// Sends bytes; returns when the system has taken them.
    ///
    /// - Throws: ``HTTPWriteFailure``
    public func write(_ bytes: [UInt8]) async throws(HTTPWriteFailure) {
        try await sink.writeBody(bytes, serial: serial)
    }

    /// Sends text in UTF-8.
    ///
    /// - Throws: ``HTTPWriteFailure``
    public func write(_ text: String) async throws(HTTPWriteFailure) {
        try await write(Array(text.utf8))
    }
}
