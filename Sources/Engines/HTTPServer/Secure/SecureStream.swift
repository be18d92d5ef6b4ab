// SPDX-License-Identifier: Apache-2.0
public import Effects
import Synchronization

/// A connection whose bytes are sealed on their way (HTTP-60).
///
/// As with any stream, one reader and one writer may use it at a time.
public final class SecureStream: ByteStream {
    /// The most bytes a handshake may take from the other end: 64 KiB, four times its longest
    /// chain.
    static let handshakeBytesMax = 65_536
    /// Plain bytes sealed at once: four records, so that little waits in memory twice.
    private static let pieceBytes = 65_536
    /// Bytes of the wire read at once: one record and its frame, rounded up.
    private static let wireBytes = 20_480

    private let inner: any ByteStream
    private let session: Mutex<SecureSession>
    private let gate = WriteGate()

    init(_ inner: any ByteStream, _ session: consuming SecureSession) {
        self.inner = inner
        self.session = Mutex(session)
    }

    /// The other end.
    public var remote: Endpoint { inner.remote }
    /// Who is there by its certificate, or nothing when it showed none.
    public var peer: SecurePeer? { session.withLock { $0.peer } }
    /// The version of TLS that was agreed on, such as `TLSv1.3`.
    public var version: String { session.withLock { $0.version } }

    /// The protocol on top that was agreed on, such as `h2`; nothing when none was offered.
    public var agreedProtocol: String? { session.withLock { $0.agreedProtocol } }
    /// Why no authority vouches for the other end, or nothing.
    var mistrust: String? { session.withLock { $0.mistrust } }

    /// Agrees on keys.
    func shakeHands() async throws(SecurityFailure) {
        var taken = 0
        while true {
            let step = session.withLock { $0.shakeHands() }
            // An alert that says why is sent too.
            do { try await flush() } catch { throw .closed }
            switch step {
            case .done: return
            case .ended: throw .closed
            case .failed(let words): throw .handshake(words)
            case .wantsInput: break
            }
            let bytes: [UInt8]
            do { bytes = try await inner.read(limit: Self.wireBytes) } catch { throw .closed }
            guard !bytes.isEmpty else { throw .closed }
            taken += bytes.count
            guard taken <= Self.handshakeBytesMax else { throw .tooLong }
            session.withLock { $0.feed(bytes) }
        }
    }

    /// At least one and at most `limit` bytes; an empty array when the other end has said that
    /// nothing follows. An end without that word is ``NetworkFailure/closed``: the connection was
    /// cut, perhaps by somebody between.
    public func read(limit: Int) async throws(NetworkFailure) -> [UInt8] {
        while true {
            let (bytes, step) = session.withLock { $0.read(limit: limit) }
            switch step {
            case .done: return bytes
            case .ended: return []
            case .failed(let words): throw .system(errno: 0, message: words)
            case .wantsInput: break
            }
            try await flush()
            let wire = try await inner.read(limit: Self.wireBytes)
            guard !wire.isEmpty else { throw .closed }
            session.withLock { $0.feed(wire) }
        }
    }

    /// Sends all bytes.
    public func write(_ bytes: [UInt8]) async throws(NetworkFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Self.pieceBytes)
            rest = rest.dropFirst(piece.count)
            let step = session.withLock { $0.write(piece) }
            guard case .done = step else { throw .closed }
            try await flush()
        }
    }

    /// Says that nothing follows; the connection stays open for what the other end still sends.
    public func end() async {
        session.withLock { $0.end() }
        try? await flush()
    }

    /// Closes both directions at once.
    public func close() { inner.close() }

    /// Sends what waits for the wire. Records leave in the order they were made, so one caller
    /// sends at a time, and takes what another has made meanwhile.
    private func flush() async throws(NetworkFailure) {
        await gate.enter()
        defer { gate.leave() }
        while true {
            let bytes = session.withLock { $0.drain() }
            guard !bytes.isEmpty else { return }
            try await inner.write(bytes)
        }
    }
}
