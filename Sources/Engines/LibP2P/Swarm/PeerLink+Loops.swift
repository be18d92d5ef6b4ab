// SPDX-License-Identifier: Apache-2.0
import Effects

extension PeerLink {
    /// Bytes asked for in one read: two of the largest Noise messages.
    private static let readBytesMax = 131_072
    /// How long the last words of a connection may take, in milliseconds.
    static let goodbyeMillisecondsMax: UInt64 = 250

    /// Moves bytes until the connection ends, and says why it did.
    func run(_ configuration: SwarmConfiguration) async -> ConnectionFailure {
        let writing = effects.tasks.spawn("peer writes") { await self.write() }
        let watching = effects.tasks.spawn("peer watch") { await self.watch(configuration) }
        await read()
        watching.cancel()
        await writing.finished()
        stream.close()
        over.open()
        return failure ?? .closedByPeer
    }

    private func read() async {
        while failure == nil {
            do throws(NetworkFailure) {
                let bytes = try await stream.read(limit: Self.readBytesMax)
                guard !bytes.isEmpty else { return close(.closedByPeer) }
                receive(bytes)
            } catch {
                close(error == .closed ? .closedByPeer : .network("\(error)"))
            }
        }
    }

    private func receive(_ bytes: [UInt8]) {
        do throws(ConnectionFailure) {
            let now = effects.time.now()
            let (result, hasOutput) = state.withLock { state in
                state.lastHeard = now
                let result = Result { () throws(ConnectionFailure) in
                    try state.machine.receive(bytes)
                }
                return (result, state.machine.hasOutput)
            }
            if hasOutput { kick() }
            handle(try result.get())
        } catch {
            close(error)
        }
    }

    // Writes until the connection ends and all that was to be said is said.
    private func write() async {
        while true {
            pull()
            let (bytes, events, isOver) = nextOutput()
            handle(events)
            if bytes.isEmpty {
                guard !isOver else { break }
                await outgoing.wait()
                continue
            }
            do {
                try await stream.write(bytes)
            } catch {
                close(.network("\(error)"))
                break
            }
        }
        stream.close()
    }

    private func nextOutput() -> ([UInt8], [ConnectionMachine.Event], Bool) {
        state.withLock { state in
            let isOver = state.failure != nil
            guard let output = try? state.machine.takeOutput() else { return ([], [], true) }
            return (output.bytes, output.events, isOver)
        }
    }

    /// Ends a connection that is not set up in time, and later one that is silent.
    private func watch(_ configuration: SwarmConfiguration) async {
        await effects.time.sleep(milliseconds: configuration.handshakeMillisecondsMax)
        guard !Task.isCancelled else { return }
        if peer == nil { return close(.timedOut) }
        while !Task.isCancelled {
            await effects.time.sleep(milliseconds: configuration.pingMilliseconds)
            guard !Task.isCancelled else { return }
            let now = effects.time.now()
            let isSilent = state.withLock { state in
                guard
                    now.milliseconds(since: state.lastHeard) < configuration.silenceMillisecondsMax
                else { return true }
                state.pingNumber += 1
                state.pingSent = now
                state.machine.ping(state.pingNumber)
                return false
            }
            if isSilent { return close(.timedOut) }
            kick()
        }
    }

    // MARK: What happens

    private func handle(_ events: [ConnectionMachine.Event]) {
        for event in events { handle(event) }
    }

    private func handle(_ event: ConnectionMachine.Event) {
        switch event {
        case .ready(let peer, let key):
            state.withLock { $0.peer = peer }
            owner.ready(self, peer, key)
            settled.open()
        case .opened(let number, let name, let isInbound):
            opened(number, name, isInbound: isInbound)
        case .refused(let number, let failure):
            settle(number, .failure(.refused(failure)))
        case .data(let number, let bytes): keep(bytes, of: number)
        case .finished(let number):
            if endPump(of: number) { return }
            wake(number) { stream in
                stream.isFinished = true
                return [stream.takeReading()]
            }
        case .reset(let number):
            endPump(of: number)
            wake(number) { stream in
                stream.isGone = true
                return stream.wakeAll()
            }
        case .writable(let number):
            if state.withLock({ $0.streams[number]?.pump != nil }) { return kick() }
            wake(number) { stream in
                defer { stream.writing = nil }
                return [stream.writing]
            }
        case .pong(let number): notePong(number)
        case .goneAway: break
        }
    }

    private func keep(_ bytes: [UInt8], of number: UInt32) {
        if hand(bytes, toPumpOf: number) { return }
        let (gate, overfull) = state.withLock { state -> (OneShot?, UInt32?) in
            state.unread += state.streams[number]?.keep(bytes) ?? 0
            return (state.streams[number]?.takeReading(), state.overfull)
        }
        gate?.open()
        if let overfull { reset(overfull) }
    }

    private func opened(_ number: UInt32, _ name: String, isInbound: Bool) {
        state.withLock { $0.streams[number] = StreamState() }
        guard let peer else { return }
        let stream = PeerStream(
            number, peer: peer, isInbound: isInbound, protocolName: name, link: self)
        let make =
            isInbound ? owner.pump(name) : state.withLock { $0.openings[number]?.pump }
        if let make { pump(make(stream), stream) }
        guard isInbound else { return settle(number, .success(name)) }
        traffic.count(name) { $0.inboundStreams += 1 }
        if make == nil { owner.opened(stream) }
    }

    private func settle(_ number: UInt32, _ outcome: Result<String, StreamFailure>) {
        let gate = state.withLock { state -> OneShot? in
            guard state.openings[number] != nil else {
                // Nobody waits for it any more.
                state.unread -= state.streams.removeValue(forKey: number)?.unread ?? 0
                state.machine.close(number)
                return nil
            }
            state.openings[number]?.outcome = outcome
            return state.openings[number]?.gate
        }
        gate?.open()
    }

    private func wake(_ number: UInt32, _ change: (inout StreamState) -> [OneShot?]) {
        let gates = state.withLock { state -> [OneShot?] in
            guard var stream = state.streams[number] else { return [] }
            let gates = change(&stream)
            state.streams[number] = stream
            state.forgetIfOver(number)
            return gates
        }
        for gate in gates { gate?.open() }
    }

    private func notePong(_ number: UInt32) {
        let now = effects.time.now()
        state.withLock { state in
            guard number == state.pingNumber, let sent = state.pingSent else { return }
            state.pingSent = nil
            state.roundTripMicroseconds = (max(now, sent).value - sent.value) / 1_000
        }
    }
}

extension PeerLink.StreamState {
    fileprivate mutating func takeReading() -> OneShot? {
        defer { reading = nil }
        return reading
    }
}
