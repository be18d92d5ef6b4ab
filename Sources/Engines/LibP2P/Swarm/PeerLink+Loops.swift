// SPDX-License-Identifier: Apache-2.0
import Effects

extension PeerLink {
    /// Bytes asked for in one read: two of the largest Noise messages.
    private static let readBytesMax = 131_072
    /// How long the last words of a connection may take.
    private static let goodbyeMillisecondsMax: UInt64 = 250

    /// Moves bytes until the connection ends, and says why it did.
    func run(_ configuration: SwarmConfiguration) async -> ConnectionFailure {
        let writing = effects.tasks.spawn("peer writes") { await self.write() }
        let watching = effects.tasks.spawn("peer watch") { await self.watch(configuration) }
        await read()
        watching.cancel()
        let goodbye = effects.tasks.spawn("peer goodbye") { [effects, stream] in
            await effects.time.sleep(milliseconds: Self.goodbyeMillisecondsMax)
            stream.close()
        }
        await writing.finished()
        goodbye.cancel()
        stream.close()
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
            let result = state.withLock { state in
                state.lastHeard = effects.time.now()
                return Result { () throws(ConnectionFailure) in try state.machine.receive(bytes) }
            }
            handle(try result.get())
            kick()
        } catch {
            close(error)
        }
    }

    // Writes until the connection ends and all that was to be said is said.
    private func write() async {
        while true {
            let gate = OneShot()
            let (bytes, events, isOver) = nextOutput(gate)
            handle(events)
            if bytes.isEmpty {
                guard !isOver else { break }
                await gate.wait()
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

    private func nextOutput(_ gate: OneShot) -> ([UInt8], [ConnectionMachine.Event], Bool) {
        state.withLock { state in
            let isOver = state.failure != nil
            guard let output = try? state.machine.takeOutput() else { return ([], [], true) }
            if output.bytes.isEmpty { state.writerGate = gate }
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
            wake(number) { stream in
                stream.isFinished = true
                return [stream.takeReading()]
            }
        case .reset(let number):
            wake(number) { stream in
                stream.isGone = true
                return stream.wakeAll()
            }
        case .writable(let number):
            wake(number) { stream in
                defer { stream.writing = nil }
                return [stream.writing]
            }
        case .pong(let number): notePong(number)
        case .goneAway: break
        }
    }

    private func keep(_ bytes: [UInt8], of number: UInt32) {
        let (gate, overfull) = state.withLock { state -> (OneShot?, UInt32?) in
            state.unread += state.streams[number]?.keep(bytes) ?? 0
            return (state.streams[number]?.takeReading(), state.overfull)
        }
        gate?.open()
        if let overfull { reset(overfull) }
    }

    private func opened(_ number: UInt32, _ name: String, isInbound: Bool) {
        state.withLock { $0.streams[number] = StreamState() }
        guard isInbound else { return settle(number, .success(name)) }
        guard let peer else { return }
        traffic.count(name) { $0.inboundStreams += 1 }
        owner.opened(
            PeerStream(number, peer: peer, isInbound: true, protocolName: name, link: self))
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
