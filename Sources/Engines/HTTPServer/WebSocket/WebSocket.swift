// SPDX-License-Identifier: Apache-2.0
import Effects

/// A talk in messages with one client, once its handshake is answered (RFC 6455).
///
/// One task may receive and another send at the same time. Nothing is read ahead of what is
/// received beyond one read, and nothing waits to be sent but what a sender waits for.
public actor WebSocket {
    /// Why no more can be sent or received.
    public enum End: Error, Hashable, Sendable {
        /// One side has ended the talk, or the connection is gone.
        case closed
    }

    private let stream: any ByteStream
    private let watch: ConnectionWatch
    private let state: ServiceState
    private let gate = WriteGate()
    private var frames = WebSocketFrames()
    private var isClosing = false

    init(
        _ stream: any ByteStream, _ watch: ConnectionWatch, _ state: ServiceState,
        received: [UInt8]
    ) {
        self.stream = stream
        self.watch = watch
        self.state = state
        frames.feed(received)
    }

    /// The next text; pings are answered and pongs passed over meanwhile.
    ///
    /// A client that breaks a rule is told why and cut. One that says nothing for the connection's
    /// patience, not even a pong, is cut too.
    ///
    /// - Throws: ``End/closed``.
    public func receive() async throws(End) -> String {
        while true {
            let event: WebSocketFrames.Event?
            do {
                event = try frames.next()
            } catch {
                await close(error.rawValue, "\(error)")
                throw .closed
            }
            switch event {
            case .text(let text): return text
            case .ping(let payload): try await write(WebSocketFrames.frame(10, payload))
            case .pong: continue
            case .close(let code):
                await close(code ?? 1_000, "")
                throw .closed
            case nil: try await read()
            }
        }
    }

    private func read() async throws(End) {
        let patience = state.configuration.keepAliveMilliseconds
        watch.reads(by: state.effects.time.now().later(milliseconds: patience))
        guard let bytes = try? await stream.read(limit: HTTPLimits.readBytesMax), !bytes.isEmpty
        else { throw .closed }
        state.count { $0.bytesRead += UInt64(bytes.count) }
        frames.feed(bytes)
    }

    /// Sends a text; returns when the system has taken it.
    ///
    /// - Throws: ``End/closed``, also when the client took nothing for too long.
    public func send(_ text: String) async throws(End) {
        try await write(WebSocketFrames.frame(1, Array(text.utf8)))
    }

    /// Asks whether the client is there; its answer keeps the connection open.
    ///
    /// - Throws: ``End/closed``.
    public func ping() async throws(End) { try await write(WebSocketFrames.frame(9, [])) }

    /// Ends the talk with a code of RFC 6455 section 7.4 and words for people.
    public func close(_ code: UInt16, _ words: String) async {
        guard !isClosing else { return }
        try? await write(WebSocketFrames.close(code, words))
        isClosing = true
    }

    /// Cuts the connection, as for a client that reads too slowly.
    public nonisolated func cut() { stream.close() }

    private func write(_ bytes: [UInt8]) async throws(End) {
        guard !isClosing else { throw .closed }
        await gate.enter()
        defer { gate.leave() }
        let patience = state.configuration.writeStallMilliseconds
        watch.writes(by: state.effects.time.now().later(milliseconds: patience))
        do {
            try await stream.write(bytes)
        } catch {
            isClosing = true
            throw .closed
        }
        watch.writes(by: nil)
        state.count { $0.bytesWritten += UInt64(bytes.count) }
    }
}
