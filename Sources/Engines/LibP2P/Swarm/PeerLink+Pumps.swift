// SPDX-License-Identifier: Apache-2.0

extension PeerLink {
    /// Lets a pump move the bytes of a stream that has just been opened.
    func pump(_ pump: any StreamPump, _ stream: PeerStream) {
        let number = stream.number
        state.withLock { state in
            state.streams[number]?.pump = pump
            state.streams[number]?.name = stream.protocolName
            state.pumped.append(number)
            state.machine.pump(number)
        }
        kick()
    }

    /// Asks the pumps for what they have to send, and puts it before the machine.
    func pull() {
        // Two tasks may ask: the writer, and whoever ends the connection.
        pulling.withLock { _ in pullAll() }
    }

    private func pullAll() {
        let pumps = state.withLock { state in
            state.pumped.compactMap { number in
                state.streams[number]?.pump.map { (number, $0, state.machine.room(on: number)) }
            }
        }
        for (number, pump, room) in pumps {
            let given = pump.next(room: room)
            guard !given.frames.isEmpty || given.isLast else { continue }
            let (name, peer) = state.withLock { state -> (String?, PeerID?) in
                let name = state.streams[number]?.name
                state.machine.write(whole: given.frames, on: number)
                if given.isLast { state.finishPumped(number) }
                return (name, state.peer)
            }
            let count = given.frames.reduce(0) { $0 + $1.count }
            if let name { moved(name, peer, on: number, isInbound: false, bytes: count) }
        }
    }

    /// Hands what has arrived to the stream's pump; false when it has none.
    func hand(_ bytes: [UInt8], toPumpOf number: UInt32) -> Bool {
        let (pump, name, peer) = state.withLock { state in
            (state.streams[number]?.pump, state.streams[number]?.name, state.peer)
        }
        guard let pump else { return false }
        if let name { moved(name, peer, on: number, isInbound: true, bytes: bytes.count) }
        pump.received(bytes)
        return true
    }

    /// Ends a pumped stream that the other side has ended; false when it has no pump.
    @discardableResult
    func endPump(of number: UInt32) -> Bool {
        let pump = state.withLock { state -> (any StreamPump)? in
            guard let pump = state.streams[number]?.pump else { return nil }
            state.streams[number]?.isFinished = true
            state.finishPumped(number)
            return pump
        }
        guard let pump else { return false }
        pump.ended(nil)
        kick()
        return true
    }

    func consumed(_ number: UInt32, count: Int) {
        let hasOutput = state.withLock { state in
            state.machine.consumed(number, count: count)
            return state.machine.hasOutput
        }
        if hasOutput { kick() }
    }

    func widen(_ number: UInt32, to bytes: Int) {
        state.withLock { $0.machine.widen(number, to: bytes) }
        kick()
    }
}

extension PeerLink.State {
    /// Says that nothing follows on a pumped stream, and lets go of its pump.
    mutating func finishPumped(_ number: UInt32) {
        pumped.removeAll { $0 == number }
        machine.finish(number)
        streams[number]?.pump = nil
        streams[number]?.abandon()
        forgetIfOver(number)
    }
}
