// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Messages of one peer between its reader and the handler; full, it holds the reader back.
///
/// Source: specs/transport.md TRANSPORT-17.
final class Inbox: Sendable {
    private struct State {
        var messages: [InboundMessage] = []
        var bytes = 0
        var isClosed = false
    }

    private let bytesMax: Int
    private let state = Mutex(State())
    private let arrived = Signal()
    private let emptied = Signal()

    /// Holds up to `bytesMax` bytes, or one batch above it.
    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// Whether the reader must wait before it adds more.
    var isFull: Bool { state.withLock { $0.bytes >= bytesMax && !$0.isClosed } }

    /// Adds what one read brought.
    func append(_ messages: [InboundMessage]) {
        guard !messages.isEmpty else { return }
        state.withLock { state in
            state.messages += messages
            state.bytes += messages.reduce(0) {
                $0 + $1.bytes.count + SendQueue.frameOverheadBytes
            }
        }
        arrived.raise()
    }

    /// Waits until there is room, or the inbox is closed. For the reader alone.
    func waitForRoom() async {
        while isFull { await emptied.wait() }
    }

    /// Waits for messages and takes all; nothing once closed and empty. For one deliverer.
    func next() async -> [InboundMessage]? {
        while true {
            let (batch, isClosed) = state.withLock { state in
                defer {
                    state.messages = []
                    state.bytes = 0
                }
                return (state.messages, state.isClosed)
            }
            if !batch.isEmpty {
                emptied.raise()
                return batch
            }
            if isClosed { return nil }
            await arrived.wait()
        }
    }

    /// Ends the waiting of both sides; what has arrived can still be taken.
    func close() {
        state.withLock { $0.isClosed = true }
        arrived.raise()
        emptied.raise()
    }
}
