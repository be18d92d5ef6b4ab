// SPDX-License-Identifier: Apache-2.0
import Effects

/// A connection between two lives: a pipe each way and an end each side.
final class Connection: @unchecked Sendable {
    // Touched only by the thread that drives the world (see Clockwork).
    let outward: Pipe
    let homeward: Pipe
    let near: SimulatedStream
    let far: SimulatedStream

    /// Joins the dialling life to the listening one.
    init(from dialler: Life, port: UInt16, to listener: SimulatedListener, _ core: Clockwork) {
        let link = Link(from: dialler.node, to: listener.life.node)
        outward = Pipe(link, core: core)
        homeward = Pipe(link.reversed, core: core)
        let diallerEndpoint = Endpoint(host: core.nodes[dialler.node].name, port: port)
        near = SimulatedStream(
            life: dialler, remote: listener.endpoint, reads: homeward, writes: outward)
        far = SimulatedStream(
            life: listener.life, remote: diallerEndpoint, reads: outward, writes: homeward)
        outward.opposite = homeward
        homeward.opposite = outward
        near.connection = self
        far.connection = self
        core.fabric.connections.append(self)
    }

    /// Breaks both directions at once, as a middle box does that has lost its memory.
    func reset() {
        outward.stop()
        homeward.stop()
    }
}

/// One end of a connection.
final class SimulatedStream: ByteStream, @unchecked Sendable {
    // Touched only by the thread that drives the world (see Clockwork).
    let life: Life
    let remote: Endpoint
    private let reads: Pipe
    private let writes: Pipe
    private(set) var isClosed = false
    weak var connection: Connection?

    /// One message holds at most so many bytes.
    private static let messageBytesMax = 65_536

    init(life: Life, remote: Endpoint, reads: Pipe, writes: Pipe) {
        self.life = life
        self.remote = remote
        self.reads = reads
        self.writes = writes
    }

    func read(limit: Int) async throws(NetworkFailure) -> [UInt8] {
        precondition(limit > 0, "a read takes at least one byte")
        life.core.confine()
        while true {
            try await check()
            if reads.hasNews {
                switch reads.outcome {
                case .reset: throw .closed
                case .open, .ended: return reads.take(limit: limit)
                }
            }
            precondition(reads.reader == nil, "one reader may use a stream at a time")
            let gate = OneShot()
            reads.reader = gate
            await gate.wait()
            reads.reader = nil
            if Task.isCancelled { throw .cancelled }
        }
    }

    func write(_ bytes: [UInt8]) async throws(NetworkFailure) {
        life.core.confine()
        var sent = 0
        while sent < bytes.count {
            try await check()
            // A reset travels to us on the pipe we read from.
            guard reads.outcome != .reset, writes.outcome != .reset else { throw .closed }
            let count = min(writes.window, bytes.count - sent, Self.messageBytesMax)
            guard count > 0 else {
                try await waitForWindow()
                continue
            }
            send(Array(bytes[sent..<sent + count]))
            sent += count
        }
    }

    func close() {
        // As TCP does it: closing with bytes unread tells the peer that they are lost.
        end(with: reads.hasUnread ? .reset : .end)
    }

    /// Breaks the stream from this end: the node has crashed.
    func abort() { end(with: .reset) }

    private func end(with message: Pipe.Message) {
        guard !isClosed else { return }
        isClosed = true
        reads.isRefusing = true
        writes.send(message)
        reads.reader?.open()
        writes.writer?.open()
        if let connection { life.core.forgetIfDone(connection) }
    }

    private func check() async throws(NetworkFailure) {
        if life.isOver { await life.giveWay() }
        if isClosed || life.isOver { throw .closed }
    }

    private func send(_ bytes: [UInt8]) {
        let conditions = life.core.fabric[writes.link]
        if life.core.dice.happens(perMillion: conditions.resetsPerMillion) {
            connection?.reset()
        } else {
            writes.send(.bytes(bytes))
        }
    }

    private func waitForWindow() async throws(NetworkFailure) {
        precondition(writes.writer == nil, "one writer may use a stream at a time")
        let gate = OneShot()
        writes.writer = gate
        await gate.wait()
        writes.writer = nil
        if Task.isCancelled { throw .cancelled }
    }
}
