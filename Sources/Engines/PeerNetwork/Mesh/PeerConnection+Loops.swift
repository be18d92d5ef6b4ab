// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import Vocabulary

extension PeerConnection {
    /// The next records, or the goodbye when the connection ends.
    func next(room: Int) -> PumpedBytes {
        let (bytes, granted) = state.withLock { state -> (PumpedBytes, [RoomContinuation]) in
            if let reason = state.reason { return (Self.farewell(reason), []) }
            let flush = state.queue.nextFlush(room: room)
            state.traffic.messagesOut += UInt64(flush.completed)
            state.traffic.bytesOut += flush.records.reduce(0) { $0 + UInt64($1.count) }
            return (PumpedBytes(frames: flush.records), state.grantRoom())
        }
        for continuation in granted { continuation.resume(returning: .success(())) }
        return bytes
    }

    private static func farewell(_ reason: DisconnectReason) -> PumpedBytes {
        guard reason.deservesGoodbye else { return PumpedBytes(isLast: true) }
        let goodbye = SendQueue.record(of: .control(.goodbye, [reason.code]))
        return PumpedBytes(frames: [goodbye], isLast: true)
    }

    /// Takes what has arrived.
    func received(_ bytes: [UInt8]) {
        let now = effects.time.now()
        let isOver = state.withLock { state in
            state.lastHeard = now
            state.traffic.bytesIn += UInt64(bytes.count)
            return state.reason != nil
        }
        guard !isOver else { return }
        do throws(DisconnectReason) {
            let result = assembler.withLock { assembler in
                Result { () throws(DisconnectReason) in
                    var frames: [Frame] = []
                    try assembler.receive(bytes, into: &frames)
                    return frames
                }
            }
            try receive(result.get(), count: bytes.count)
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
            let isHolding = inbox.isHolding
            let (isOver, isSilent) = state.withLock { state -> (Bool, Bool) in
                guard state.reason == nil else { return (true, false) }
                let silence = now.milliseconds(since: state.lastHeard)
                let limit = configuration.silenceMillisecondsMax
                if !isHolding, silence >= limit { return (true, true) }
                state.pingID += 1
                state.pingSent = now
                state.queue.setPing(state.pingID)
                return (false, false)
            }
            if isSilent { close(.silent) }
            if isOver { return }
            stream.kick()
        }
    }

    private func receive(_ frames: [Frame], count bytes: Int) throws(DisconnectReason) {
        var messages: [InboundMessage] = []
        messages.reserveCapacity(frames.count)
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
            case .introduction: throw .malformedRecord
            case .goodbye: throw .goodbye(code: frame.bytes[0])
            }
        }
        state.withLock { $0.traffic.messagesIn += count }
        let given = inbox.append(messages, count: bytes)
        if given > 0 { stream.consumed(given) }
    }

    private func queuePong(_ id: UInt64) {
        state.withLock { $0.queue.setPong(id) }
        stream.kick()
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
