// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization
import Vocabulary

extension PeerMesh {
    /// How long to wait after the system refused to accept, in milliseconds: no descriptors left.
    private static let acceptPauseMilliseconds: UInt64 = 100

    /// Takes inbound streams until the listener closes.
    func accept(_ listener: any Listener, _ handlers: MeshHandlers) async {
        while state.withLock({ $0.phase == .running }), !Task.isCancelled {
            let stream: any ByteStream
            do {
                stream = try await listener.accept()
            } catch {
                guard error != .closed else { return }
                await effects.time.sleep(milliseconds: Self.acceptPauseMilliseconds)
                continue
            }
            let host = stream.remote.host
            guard state.withLock({ $0.beginHandshake(host, configuration) }) else {
                stream.close()
                continue
            }
            spawn("mesh greets") {
                await self.greet(stream, handlers)
                self.state.withLock { $0.endStream(host) }
            }
        }
    }

    /// Keeps one listed peer connected, whoever dials (TRANSPORT-14).
    func keepDialing(_ address: PeerAddress, _ handlers: MeshHandlers) async {
        var backoff = Backoff(
            least: configuration.backoffMillisecondsMin, most: configuration.backoffMillisecondsMax)
        let courtesy = publicKey < address.publicKey ? 0 : configuration.courtesyMilliseconds
        var pause = courtesy
        while state.withLock({ $0.phase == .running }), !Task.isCancelled {
            if let lost = connectedSignal(address.publicKey) {
                await lost.wait()
                backoff.reset()
                pause = courtesy
                continue
            }
            if pause > 0 { await effects.time.sleep(milliseconds: pause) }
            guard connectedSignal(address.publicKey) == nil else { continue }
            await dial(address, handlers)
            pause = backoff.take(chance: effects.chance)
        }
    }

    // What is raised when the peer's connection ends; nothing while it has none.
    private func connectedSignal(_ key: PublicKey) -> Signal? {
        state.withLock { state in
            guard let record = state.peers[key], record.connection != nil else { return nil }
            return record.lost
        }
    }

    private func dial(_ address: PeerAddress, _ handlers: MeshHandlers) async {
        let isRunning = state.withLock { state -> Bool in
            state.peers[address.publicKey]?.isDialing = true
            return state.phase == .running
        }
        defer { state.withLock { $0.peers[address.publicKey]?.isDialing = false } }
        guard isRunning else { return }
        do {
            let stream = try await effects.network.dial(
                address.endpoint, timeoutMilliseconds: configuration.dialTimeoutMilliseconds)
            await reach(address, stream, handlers)
        } catch {
            await refused(expected: address.publicKey, .network(error), handlers)
        }
    }

    // The dialling side of a handshake, up to the connection's start.
    private func reach(
        _ address: PeerAddress, _ stream: any ByteStream, _ handlers: MeshHandlers
    ) async {
        // Counted before the mesh is asked whether it runs, so that a stop waits for the rest.
        activity.begin()
        defer { activity.end() }
        guard let id = state.withLock({ $0.greet(stream) }) else { return stream.close() }
        let deadline = HandshakeDeadline(stream, effects, configuration)
        do throws(DisconnectReason) {
            let established = try await handshake.initiate(stream)
            var (introduction, reader, writer) = try await settle(
                established, stream, expected: address.publicKey)
            let first = try await handshake.readFirstFrame(stream, &reader)
            if first.kind == .goodbye { throw .goodbye(code: first.bytes[0]) }
            guard first.kind == .welcome else { throw .malformedRecord }
            let connection = connection(
                stream, introduction, established.session.remoteStatic, true, handlers)
            let older = try await admit(connection, stream, &writer)
            deadline.meet()
            state.withLock { $0.greetings[id] = nil }
            spawn("mesh serves") { [reader, writer] in
                await self.serve(connection, reader, writer, after: older)
            }
        } catch {
            stream.close()
            state.withLock { $0.greetings[id] = nil }
            await refused(
                expected: address.publicKey, deadline.meet() ? error : .handshakeTimedOut, handlers)
        }
    }

    // The accepting side, up to the connection's end.
    private func greet(_ stream: any ByteStream, _ handlers: MeshHandlers) async {
        let host = stream.remote.host
        guard let id = state.withLock({ $0.greet(stream) }) else {
            state.withLock { $0.endHandshake(host) }
            return stream.close()
        }
        let deadline = HandshakeDeadline(stream, effects, configuration)
        do throws(DisconnectReason) {
            let established = try await handshake.respond(stream)
            var (introduction, reader, writer) = try await settle(
                established, stream, expected: nil)
            let connection = connection(
                stream, introduction, established.session.remoteStatic, false, handlers)
            let older = try await admit(connection, stream, &writer)
            deadline.meet()
            state.withLock { $0.endGreeting(id, host) }
            await serve(connection, reader, writer, after: older)
        } catch {
            stream.close()
            state.withLock { $0.endGreeting(id, host) }
            await refused(expected: nil, deadline.meet() ? error : .handshakeTimedOut, handlers)
        }
    }

    // Checks what the peer said of itself, and tells it when that is not acceptable.
    private func settle(
        _ established: Established, _ stream: any ByteStream, expected: PublicKey?
    ) async throws(DisconnectReason) -> (PeerIntroduction, RecordReader, RecordWriter) {
        var writer = RecordWriter(cipher: established.session.sending)
        do throws(DisconnectReason) {
            let introduction = try established.introduction.get()
            if let expected, introduction.identity != expected {
                throw .unexpectedPeer(introduction.identity)
            }
            let limit =
                isListed(introduction.identity)
                ? configuration.messageBytesMax : configuration.guestMessageBytesMax
            let reader = RecordReader(
                cipher: established.session.receiving, messageBytesMax: limit)
            return (introduction, reader, writer)
        } catch {
            await sayGoodbye(error, stream, &writer)
            throw error
        }
    }

    private func admit(
        _ connection: PeerConnection, _ stream: any ByteStream, _ writer: inout RecordWriter
    ) async throws(DisconnectReason) -> PeerConnection? {
        do throws(DisconnectReason) {
            let older = try state.withLock { state throws(DisconnectReason) in
                try state.admit(connection, configuration)
            }
            older?.close(.replaced)
            return older
        } catch {
            await sayGoodbye(error, stream, &writer)
            throw error
        }
    }

    private func sayGoodbye(
        _ reason: DisconnectReason, _ stream: any ByteStream, _ writer: inout RecordWriter
    ) async {
        guard reason.deservesGoodbye else { return }
        // The attempt is over either way; a peer that is gone needs no goodbye.
        if let bytes = try? writer.seal(.control(.goodbye, [reason.code])) {
            try? await stream.write(bytes)
        }
    }

    // An admitted connection's life, as the handlers see it.
    private func serve(
        _ connection: PeerConnection, _ reader: RecordReader, _ writer: RecordWriter,
        after older: PeerConnection?
    ) async {
        if let older { await older.ended.wait() }
        await connection.handlers.events(.connected(connection.info))
        let reason = await connection.run(reader: reader, writer: writer)
        let lost = state.withLock { $0.depart(connection, reason) }
        await connection.handlers.events(.disconnected(connection.info, reason))
        connection.ended.raise()
        lost?.raise()
        await connection.waitUntilDrained()
    }

    private func refused(
        expected: PublicKey?, _ reason: DisconnectReason, _ handlers: MeshHandlers
    ) async {
        // Counted before the mesh is asked whether it runs, so that a stop waits for the handler.
        activity.begin()
        defer { activity.end() }
        let isRunning = state.withLock { state -> Bool in
            state.ends[Int(reason.code)] += 1
            if let expected { state.peers[expected]?.lastReason = reason }
            return state.phase == .running
        }
        if isRunning { await handlers.events(.refused(expected: expected, reason)) }
    }

    private func connection(
        _ stream: any ByteStream, _ introduction: PeerIntroduction, _ remoteStatic: Bytes32,
        _ isOutbound: Bool, _ handlers: MeshHandlers
    ) -> PeerConnection {
        let key = introduction.identity
        let info = PeerInfo(
            publicKey: key, roles: introduction.roles, remote: stream.remote,
            isOutbound: isOutbound, isGuest: !isListed(key))
        let candidate = Admission.Candidate(
            remoteStatic: remoteStatic, dialler: isOutbound ? publicKey : key,
            since: effects.time.now())
        return PeerConnection(
            info: info, candidate: candidate, stream: stream, effects: effects,
            configuration: configuration, handlers: handlers)
    }

    private func isListed(_ key: PublicKey) -> Bool {
        state.withLock { $0.peers[key]?.address != nil || $0.members.contains(key) }
    }
}
