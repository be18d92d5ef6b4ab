// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// Messages of one peer between its stream and the handler; full, it holds the peer back.
///
/// Source: specs/transport.md TRANSPORT-17.
final class Inbox: Sendable {
    private struct State {
        var messages: [InboundMessage] = []
        var bytes = 0
        /// Bytes of the stream that the peer may not send anew before there is room.
        var owed = 0
        var isClosed = false
    }

    private let bytesMax: Int
    private let state = Mutex(State())
    private let arrived = Signal()

    /// Holds up to `bytesMax` bytes, and above it what the peer's room allows.
    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// Whether the peer is being held back.
    var isHolding: Bool { state.withLock { $0.owed > 0 } }

    /// Adds what some bytes of the stream brought.
    ///
    /// - Parameter count: How many bytes they were.
    /// - Returns: How many the peer may send anew at once: all, or none while this is full.
    func append(_ messages: [InboundMessage], count: Int) -> Int {
        let bytes = messages.reduce(0) { $0 + $1.bytes.count + SendQueue.frameOverheadBytes }
        let given = state.withLock { state in
            state.messages.append(contentsOf: messages)
            state.bytes += bytes
            guard state.bytes >= bytesMax, !state.isClosed else { return count }
            state.owed += count
            return 0
        }
        if !messages.isEmpty { arrived.raise() }
        return given
    }

    /// Waits for messages and takes all, with the bytes that may be sent anew for them; nothing
    /// once closed and empty. For one deliverer.
    func next() async -> (messages: [InboundMessage], owed: Int)? {
        while true {
            let (batch, owed, isClosed) = state.withLock { state in
                defer {
                    state.messages = []
                    state.bytes = 0
                    state.owed = 0
                }
                return (state.messages, state.owed, state.isClosed)
            }
            if !batch.isEmpty || owed > 0 { return (batch, owed) }
            if isClosed { return nil }
            await arrived.wait()
        }
    }

    /// Ends the waiting; what has arrived can still be taken.
    func close() {
        state.withLock { $0.isClosed = true }
        arrived.raise()
    }
}
