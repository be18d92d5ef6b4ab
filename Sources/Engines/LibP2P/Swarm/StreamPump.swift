// SPDX-License-Identifier: Apache-2.0
import Effects

/// Who moves the bytes of one stream within its connection's own tasks.
///
/// A stream usually has a reader and a writer that wait for each other's bytes. One that carries
/// most of what its connection carries does better without: the connection asks for bytes at the
/// moment it can write them, so that what is urgent goes first to the last moment, and hands over
/// what has arrived without waking anybody. Source: LIBP-23.
package protocol StreamPump: AnyObject, Sendable {
    /// Gives up to `room` bytes to be written now, in frames of at most
    /// ``PeerStream/pumpedFrameBytesMax``. Asked by one task at a time, after each
    /// ``PeerStream/kick()`` and whenever the room grows; it must not wait.
    func next(room: Int) -> PumpedBytes

    /// Takes what has arrived, and gives it back by ``PeerStream/consumed(_:)`` once used up.
    /// Called by one task at a time; it must not wait.
    func received(_ bytes: [UInt8])

    /// The stream is over in both directions: for a failure of its connection, or because the
    /// other side ended it alone. Called once; not after ``PumpedBytes/isLast``.
    func ended(_ failure: ConnectionFailure?)
}

/// What a pump gives.
package struct PumpedBytes: Sendable {
    /// Each becomes one frame, and with its header one sealed message when it is full.
    package var frames: [[UInt8]]
    /// Whether nothing follows: the stream ends with these frames.
    package var isLast: Bool

    /// Joins the two.
    package init(frames: [[UInt8]] = [], isLast: Bool = false) {
        self.frames = frames
        self.isLast = isLast
    }
}

/// Makes the pump of a stream, before any of its bytes are handed over.
package typealias PumpMaker = @Sendable (PeerStream) -> any StreamPump

extension PeerStream {
    /// The longest frame of a pump.
    package static let pumpedFrameBytesMax = YamuxSession.wholeFrameBytesMax
    /// The widest window a stream may have, in bytes: 2 MiB.
    package static let wideWindowBytes = YamuxSession.wideWindowBytes

    /// Says that the pump has bytes.
    package func kick() { link.kick() }

    /// Gives the other side room again for bytes that are used up.
    package func consumed(_ count: Int) { link.consumed(number, count: count) }

    /// Gives the other side more room than a stream has at the beginning.
    package func widen(to bytes: Int) { link.widen(number, to: bytes) }

    /// Ends the whole connection, in order.
    package func disconnect() { link.close(.closed) }

    /// Whether another stream has the same connection.
    package func sharesConnection(with other: PeerStream) -> Bool { link === other.link }

    /// Whether this node dialled the connection.
    package var isDialled: Bool { !link.isInbound }

    /// Whether the connection goes through a relay.
    package var isRelayed: Bool { address.relay != nil }

    /// The other end of the connection; a relay's, where it goes through one.
    package var remote: Endpoint { link.stream.remote }
}

extension Swarm {
    /// Answers streams of a protocol by pumps from now on.
    package func serve(_ name: String, pumpedBy make: @escaping PumpMaker) {
        state.withLock { $0.pumps[name] = make }
    }

    /// Opens a stream with a connected peer and lets a pump move its bytes.
    ///
    /// - Throws: ``StreamFailure``, as when any stream is opened.
    package func open(
        _ name: String, with peer: PeerID, pumpedBy make: @escaping PumpMaker
    ) async throws(StreamFailure) {
        guard let link = state.withLock({ $0.links[peer]?.first }) else { throw .notConnected }
        _ = try await link.open([name], pumpedBy: make)
    }
}
