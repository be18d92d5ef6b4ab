// SPDX-License-Identifier: Apache-2.0
import Effects

/// One client's connection of HTTP/2 (RFC 9113): requests side by side, each answered by a task.
///
/// Bodies are read no faster than handlers take them and produced no faster than the client takes
/// them: each direction of each stream has a window.
actor HTTP2Connection {
    /// One request and its response.
    struct Stream {
        /// Bytes of the body that came and were not read.
        var pending: [UInt8] = []
        var isBodyEnded = false
        var owesContinue = false
        var limit: UInt64 = 0
        var received: UInt64 = 0
        var failure: HTTPBodyFailure?
        /// Bytes of the response that may still be produced, when it has announced how many.
        var remaining: UInt64?
        var sent: UInt64 = 0
        var isResponseSent = false
        /// Bytes of the body that came after the response and were dropped.
        var dropped = 0
        var reader: CheckedContinuation<Void, Never>?
        var writer: CheckedContinuation<Void, Never>?
        var departure: OneShot?
    }

    let stream: any ByteStream
    let watch: ConnectionWatch
    let state: ServiceState
    let session: HTTP2Session?
    let answering: RequestAnswering
    var streams: [Int32: Stream] = [:]
    /// Tasks that answer, until they have ended.
    var tasks: [Int32: any SpawnedTask] = [:]
    private var idleDeadline: Instant
    private var resets = 0
    private var isPumping = false
    private var isOver = false
    private var isDraining = false

    init(
        _ stream: any ByteStream, _ watch: ConnectionWatch, _ state: ServiceState,
        _ firstDeadline: Instant
    ) {
        self.stream = stream
        self.watch = watch
        self.state = state
        idleDeadline = firstDeadline
        session = HTTP2Session()
        answering = RequestAnswering(
            state: state, remote: stream.remote, peer: (stream as? SecureStream)?.peer,
            protocolName: "HTTP/2")
    }

    /// Serves requests until one side ends the connection.
    func serve(received: [UInt8]) async {
        let ending: @Sendable () -> Void = { [self, state] in
            state.effects.tasks.spawn("http2 end") { await self.drain() }
        }
        watch.whenDrained(ending)
        if state.isDraining { ending() }
        var bytes = received
        repeat {
            if !bytes.isEmpty {
                guard take(bytes) else { break }
            }
            await pump()
            guard !isOver, session?.isOver == false else { break }
            waitForMore()
            bytes = (try? await stream.read(limit: HTTPLimits.readBytesMax)) ?? []
            state.count { $0.bytesRead += UInt64(bytes.count) }
        } while !bytes.isEmpty
        await pump()
        await end()
    }

    /// Reads bytes of the client; false when the connection shall end.
    private func take(_ bytes: [UInt8]) -> Bool {
        guard let session else { return false }
        do {
            for happening in try session.feed(bytes) { note(happening) }
        } catch {
            state.count { $0.requestsRefused += 1 }
            return false
        }
        guard resets <= HTTP2Limits.resetsMax else {
            state.count { $0.requestsRefused += 1 }
            session.terminate(calm: true)
            return false
        }
        return true
    }

    /// Says until when something must come.
    private func waitForMore() {
        let now = state.effects.time.now()
        if streams.isEmpty {
            watch.reads(by: idleDeadline)
        } else if streams.values.contains(where: { $0.reader != nil || $0.isResponseSent }) {
            watch.reads(by: now.later(milliseconds: state.configuration.bodyIdleMilliseconds))
        } else {
            watch.reads(by: nil)
        }
    }

    private func note(_ happening: HTTP2Session.Happening) {
        switch happening {
        case .head(let id, let head): begin(id, head)
        case .refused(let id, let refusal): refuse(id, refusal)
        case .body(let id, let bytes): add(bytes, to: id)
        case .bodyEnded(let id):
            streams[id]?.isBodyEnded = true
            wakeReader(of: id)
        case .responseSent(let id):
            streams[id]?.isResponseSent = true
            resets = max(0, resets - 1)
            dropPending(of: id)
        case .takenBack: resets += 1
        case .closed(let id): close(id)
        }
    }

    private func close(_ id: Int32) {
        guard let ended = streams.removeValue(forKey: id) else { return }
        if !ended.pending.isEmpty { session?.consume(id, ended.pending.count) }
        ended.reader?.resume()
        ended.writer?.resume()
        ended.departure?.open()
        guard streams.isEmpty else { return }
        let patience = state.configuration.keepAliveMilliseconds
        idleDeadline = state.effects.time.now().later(milliseconds: patience)
        watch.reads(by: idleDeadline)
        if isDraining { endSoon() }
    }

    // MARK: - The wire

    /// Sends what waits, until nothing does or the client's windows are full.
    func pump() async {
        guard !isPumping, !isOver, let session else { return }
        isPumping = true
        defer { isPumping = false }
        while !isOver {
            guard let bytes = try? session.takeOutput() else {
                isOver = true
                stream.close()
                return
            }
            for happening in session.takeHappenings() { note(happening) }
            wakeWriters()
            guard !bytes.isEmpty else { return }
            startWriteClock()
            do {
                try await stream.write(bytes)
            } catch {
                isOver = true
                return
            }
            watch.writes(by: nil)
            state.count { $0.bytesWritten += UInt64(bytes.count) }
            if streams.values.contains(where: { $0.writer != nil }) { startWriteClock() }
        }
    }

    /// The client must take something by then.
    func startWriteClock() {
        let patience = state.configuration.writeStallMilliseconds
        watch.writes(by: state.effects.time.now().later(milliseconds: patience))
    }

    /// Lets producers go on whose bytes have gone out.
    private func wakeWriters() {
        for (id, stream) in streams where stream.writer != nil {
            guard (session?.unsent(id) ?? 0) <= HTTP2Limits.unsentBytesMax else { continue }
            streams[id]?.writer?.resume()
            streams[id]?.writer = nil
        }
        if !streams.values.contains(where: { $0.writer != nil }) { watch.writes(by: nil) }
    }

    // MARK: - The end

    /// A stop begins: no new requests, those begun are answered.
    private func drain() async {
        isDraining = true
        session?.goAway()
        await pump()
        if streams.isEmpty { endSoon() }
    }

    /// Ends once what waits is sent.
    private func endSoon() {
        state.effects.tasks.spawn("http2 end") { [self] in
            await pump()
            stream.close()
        }
    }

    private func end() async {
        isOver = true
        for id in streams.keys.sorted() { close(id) }
        for id in tasks.keys.sorted() { await tasks[id]?.finished() }
        stream.close()
    }
}
