// SPDX-License-Identifier: Apache-2.0

/// Where a request came from and its response goes: a connection of HTTP/1.1, or one stream of a
/// connection of HTTP/2.
protocol RequestSource: AnyObject, Sendable {
    /// A route was found that takes so many bytes of the body; none is taken when it is refused.
    func prepareBody(limit: UInt64, isRefused: Bool) async

    /// The next bytes of the body of the request with this number, or nothing after the last.
    func nextBodyBytes(serial: UInt64) async throws(HTTPBodyFailure) -> [UInt8]?

    /// Waits until the client has gone, or for the caller's cancellation.
    func departed(serial: UInt64) async -> Bool

    /// Sends a piece of the body of the response to the request with this number.
    func writeBody(_ bytes: [UInt8], serial: UInt64) async throws(HTTPWriteFailure)
}
