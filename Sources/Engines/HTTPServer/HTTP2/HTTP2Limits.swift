// SPDX-License-Identifier: Apache-2.0

/// What one connection of HTTP/2 may cost (HTTP-92).
enum HTTP2Limits {
    /// The most requests at once on a connection: 64.
    static let streamsMax = 64
    /// The most bytes of all bodies that a client may send ahead of their readers: 256 KiB.
    static let connectionWindow = 256 << 10
    /// Of one body: 64 KiB, what HTTP/1.1 reads ahead.
    static let streamWindow = 64 << 10
    /// A producer of a body waits while so many bytes of it are unsent: 16 KiB.
    ///
    /// 64 streams hold 1 MiB of what is produced, beside answers that lie whole in memory.
    static let unsentBytesMax = 16 << 10
    /// Bytes handed to the connection at once.
    static let writeBytes = 64 << 10
    /// How many requests a client may take back beyond those it lets end (CVE-2023-44487).
    static let resetsMax = 200
    /// The most acknowledgements and refusals that wait to be sent, against floods of pings and
    /// settings.
    static let repliesMax = 256
}

/// Why a connection of HTTP/2 ends.
enum HTTP2Failure: Error, Hashable {
    /// The library does not go on with it, for reasons it has told the client.
    case broken(Int32)
    /// The client takes back requests faster than it lets them end.
    case resetFlood
}
