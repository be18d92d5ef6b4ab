// SPDX-License-Identifier: Apache-2.0
import Effects
import Vocabulary

extension PeerConnection {
    /// Bytes asked for in one read: two of the largest records.
    private static let readBytesMax = 128 * 1_024

    /// Writes flushes until the connection closes, then the goodbye.
    func write(with writer: RecordWriter) async {
        var writer = writer
        do throws(DisconnectReason) {
            if !info.isOutbound { try await send(writer.seal(.control(.welcome)), completed: 0) }
            while let flush = nextFlush() {
                guard !flush.records.isEmpty else {
                    await outgoing.wait()
                    continue
                }
                try await send(writer.seal(flush.records), completed: flush.completed)
            }
        } catch {
            close(error)
        }
        await sayGoodbye(&writer)
        stream.close()
    }

    /// Reads until the connection closes.
    func read(with reader: RecordReader) async {
        var reader = reader
        do throws(DisconnectReason) {
            while state.withLock({ $0.reason == nil }) {
                let bytes = try await readSome()
                let frames = try reader.receive(bytes)
                state.withLock { $0.lastHeard = effects.time.now() }
                try receive(frames)
                await waitForInbox()
            }
        } catch {
            close(error)
        }
    }

    /// Pings at every interval and ends a silent connection (TRANSPORT-16).
    func watch() async {
        while true {
            await effects.time.sleep(milliseconds: configuration.pingMilliseconds)
            guard !Task.isCancelled else { return }
            let now = effects.time.now()
            let (isOver, isSilent) = state.withLock { state -> (Bool, Bool) in
                guard state.reason == nil else { return (true, false) }
                let silence = now.milliseconds(since: state.lastHeard)
                let limit = configuration.silenceMillisecondsMax
                if !state.readerWaits, silence >= limit { return (true, true) }
                state.pingID += 1
                state.pingSent = now
                state.queue.setPing(state.pingID)
                return (false, false)
            }
            if isSilent { close(.silent) }
            if isOver { return }
            outgoing.raise()
        }
    }

    // The next records, or nothing when the connection closes.
    private func nextFlush() -> (records: [[UInt8]], completed: Int)? {
        let (flush, granted) = state.withLock { state in
            guard state.reason == nil else {
                return (([[UInt8]], Int)?.none, [RoomContinuation]())
            }
            let flush = state.queue.nextFlush()
            state.writerWrites = !flush.records.isEmpty
            return (flush, state.grantRoom())
        }
        for continuation in granted { continuation.resume(returning: .success(())) }
        return flush
    }

    private func send(_ bytes: [UInt8], completed: Int) async throws(DisconnectReason) {
        do {
            try await stream.write(bytes)
        } catch {
            throw error == .closed ? .closedByPeer : .network(error)
        }
        state.withLock { state in
            state.writerWrites = false
            state.traffic.bytesOut += UInt64(bytes.count)
            state.traffic.messagesOut += UInt64(completed)
        }
    }

    private func sayGoodbye(_ writer: inout RecordWriter) async {
        guard let reason = state.withLock({ $0.reason }), reason.deservesGoodbye else { return }
        let goodbye = Frame.control(.goodbye, [reason.code])
        // The connection ends either way, and the reason is already known here.
        if let bytes = try? writer.seal(goodbye) { try? await stream.write(bytes) }
    }

    private func readSome() async throws(DisconnectReason) -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = try await stream.read(limit: Self.readBytesMax)
        } catch {
            throw error == .closed ? .closedByPeer : .network(error)
        }
        guard !bytes.isEmpty else { throw .closedByPeer }
        state.withLock { $0.traffic.bytesIn += UInt64(bytes.count) }
        return bytes
    }

    // A handler that is slow is this node's own silence, not the peer's.
    private func waitForInbox() async {
        guard inbox.isFull else { return }
        state.withLock { $0.readerWaits = true }
        await inbox.waitForRoom()
        state.withLock { state in
            state.readerWaits = false
            state.lastHeard = effects.time.now()
        }
    }

    private func receive(_ frames: [Frame]) throws(DisconnectReason) {
        var messages: [InboundMessage] = []
        var count: UInt64 = 0
        for frame in frames {
            switch frame.kind {
            case .message:
                messages.append(
                    InboundMessage(
                        from: info.publicKey, channel: frame.channel, bytes: frame.bytes))
                count += 1
            case .request:
                count += 1
                answer(frame)
            case .answer, .refusal:
                count += 1
                resolve(frame)
            case .ping: queuePong(UInt64(eightBytes: frame.bytes[...]))
            case .pong: notePong(UInt64(eightBytes: frame.bytes[...]))
            case .welcome: throw .malformedRecord
            case .goodbye: throw .goodbye(code: frame.bytes[0])
            }
        }
        state.withLock { $0.traffic.messagesIn += count }
        inbox.append(messages)
    }

    private func queuePong(_ id: UInt64) {
        state.withLock { $0.queue.setPong(id) }
        outgoing.raise()
    }

    private func notePong(_ id: UInt64) {
        let now = effects.time.now()
        state.withLock { state in
            guard id == state.pingID, let sent = state.pingSent else { return }
            state.pingSent = nil
            state.roundTripMicroseconds = (max(now, sent).value - sent.value) / 1_000
        }
    }
}
