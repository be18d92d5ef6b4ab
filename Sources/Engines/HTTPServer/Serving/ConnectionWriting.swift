// SPDX-License-Identifier: Apache-2.0
import Effects

// What a connection writes: heads, bodies, streams and events.

extension HTTPConnection {
    /// Sends a response; false when the connection shall end after it.
    func send(
        _ wanted: HTTPResponse, to head: HTTPRequestHead?
    ) async throws(End) -> Bool {
        let isVersion10 = head?.isVersion10 ?? false
        var plan = ResponseHead(wanted, to: head?.method, isVersion10: isVersion10)
        if plan == nil {
            state.count { $0.responsesInvalid += 1 }
            await Self.discard(wanted.body)
            let problem = Problem(.internalError).response
            plan = ResponseHead(problem, to: head?.method, isVersion10: isVersion10)
        }
        guard let plan else { throw .lost }
        let keeps =
            head?.keepsAlive == true && canDropBody && !plan.endsConnection
            && !plan.response.closesConnection && !state.isDraining
        state.count { $0.responsesByClass[Int(plan.response.status.code / 100) - 1] += 1 }
        plan.write(into: &output, date: state.dateText, closes: !keeps)
        if plan.sendsBody {
            try await sendBody(plan)
        } else {
            await Self.discard(plan.response.body)
        }
        if output.count >= HTTPConfiguration.gatherBytes { try await flush() }
        return keeps
    }

    /// Lets go of a body that is not sent.
    static func discard(_ body: HTTPResponse.Body) async {
        switch body {
        case .bytes, .stream, .webSocket, .upgrade: return
        case .file(let file, _, _): await file.close()
        case .events(let queue): queue.close()
        }
    }

    func sendBody(_ plan: ResponseHead) async throws(End) {
        switch plan.response.body {
        case .webSocket(let talk): try await send(talk)
        case .upgrade(_, let use): try await hand(to: use)
        case .bytes(let bytes) where bytes.count <= HTTPConfiguration.gatherBytes:
            output.append(contentsOf: bytes)
            bodyBytes += UInt64(bytes.count)
        case .bytes(let bytes):
            bodyBytes += UInt64(bytes.count)
            try await flush()
            try await write(bytes)
        case .file(let file, let offset, let count):
            do throws(End) {
                try await flush()
                try await write(file, from: offset, count: count)
            } catch {
                await file.close()
                throw error
            }
            await file.close()
        case .stream(_, let produce): try await sendStream(plan.length, produce)
        case .events(let queue): try await send(queue)
        }
    }

    /// Writes what was gathered.
    func flush() async throws(End) {
        guard !output.isEmpty else { return }
        try await write(output.taken())
    }

    /// Writes bytes in pieces, each of which must be taken in time.
    func write(_ bytes: [UInt8]) async throws(End) {
        guard !isWriting else { throw .lost }
        isWriting = true
        defer { isWriting = false }
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + HTTPConfiguration.writeBytesMax)
            let isWhole = start == 0 && end == bytes.count
            startWriteClock()
            do {
                try await stream.write(isWhole ? bytes : Array(bytes[start..<end]))
            } catch {
                throw .lost
            }
            start = end
        }
        watch.writes(by: nil)
        state.count { $0.bytesWritten += UInt64(bytes.count) }
    }

    /// Writes a range of a file in pieces, each of which must be taken in time.
    func write(
        _ file: any FileReader, from offset: UInt64, count: UInt64
    ) async throws(End) {
        var position = offset
        let end = offset + count
        while position < end {
            let piece = min(end - position, UInt64(HTTPConfiguration.writeBytesMax))
            startWriteClock()
            do {
                try await stream.write(file: file, from: position, count: piece)
            } catch {
                throw .lost
            }
            position += piece
            bodyBytes += piece
            state.count { $0.bytesWritten += piece }
        }
        watch.writes(by: nil)
    }

    func startWriteClock() {
        let patience = state.configuration.writeStallMilliseconds
        watch.writes(by: state.effects.time.now().later(milliseconds: patience))
    }
}

extension HTTPConnection {
    /// Lets a handler produce the body.
    func sendStream(
        _ length: ResponseHead.Length,
        _ produce: @Sendable (HTTPBodyWriter) async throws -> Void
    ) async throws(End) {
        try await flush()
        if case .sized(let count) = length {
            writing = (length, count)
        } else {
            writing = (length, 0)
        }
        defer { writing = nil }
        do {
            try await produce(HTTPBodyWriter(sink: self, serial: serial))
        } catch {
            throw .lost
        }
        // A body shorter than announced must not look complete.
        guard let writing, writing.remaining == 0 else { throw .lost }
        if length == .chunked { output.append(contentsOf: "0\r\n\r\n".utf8) }
    }

    /// Writes a piece of the body of the request with this number.
    func writeBody(_ bytes: [UInt8], serial: UInt64) async throws(HTTPWriteFailure) {
        guard serial == self.serial, let writing else { throw .closed }
        guard !bytes.isEmpty else { return }
        bodyBytes += UInt64(bytes.count)
        var framed = bytes
        switch writing.length {
        case .none, .upgrade: throw .tooLong
        case .untilClose: break
        case .sized:
            guard UInt64(bytes.count) <= writing.remaining else { throw .tooLong }
            self.writing?.remaining -= UInt64(bytes.count)
        case .chunked:
            framed = Array("\(String(bytes.count, radix: 16))\r\n".utf8)
            framed.reserveCapacity(framed.count + bytes.count + 2)
            framed.append(contentsOf: bytes)
            framed.append(0x0D)
            framed.append(0x0A)
        }
        do {
            try await flush()
            try await write(framed)
        } catch {
            throw .closed
        }
    }

    /// Sends events until the queue or the connection closes.
    func send(_ queue: EventQueue) async throws(End) {
        try await flush()
        queue.attach(cut: { [stream] in stream.close() })
        watch.sends(queue)
        if state.isDraining { queue.close() }
        // The client has nothing more to say: its end of the stream ends the events.
        state.effects.tasks.spawn("http events \(stream.remote)") { [stream] in
            await Self.waitForEnd(of: stream)
            queue.close()
        }
        defer {
            queue.close()
            if queue.isOverflowed { state.count { $0.eventClientsDropped += 1 } }
        }
        while let bytes = await queue.next() {
            bodyBytes += UInt64(bytes.count)
            try await write(bytes)
        }
        throw .lost
    }

    /// Reads until the stream ends, or the client sends what it has no reason to send.
    private static func waitForEnd(of stream: any ByteStream) async {
        var dropped = 0
        while dropped < HTTPLimits.readBytesMax {
            guard let bytes = try? await stream.read(limit: HTTPLimits.readBytesMax),
                !bytes.isEmpty
            else { return }
            dropped += bytes.count
        }
    }
}

extension HTTPConnection {
    /// Hands the connection to a handler until it returns; then the connection ends (HTTP-84).
    func hand(to use: @Sendable (any ByteStream) async -> Void) async throws(End) {
        try await flush()
        watch.reads(by: nil)
        watch.writes(by: nil)
        watch.whenDrained { [stream] in stream.close() }
        if state.isDraining { stream.close() }
        await use(UpgradedStream(stream, received: parser.takeRest()))
        throw .lost
    }

    /// Talks in messages until one side ends it; then the connection ends.
    func send(_ talk: @Sendable (WebSocket) async -> Void) async throws(End) {
        try await flush()
        let socket = WebSocket(stream, watch, state, received: parser.takeRest())
        let ending: @Sendable () -> Void = { [state] in
            state.effects.tasks.spawn("websocket end") {
                await socket.close(1_001, "the server stops")
            }
        }
        watch.whenDrained(ending)
        if state.isDraining { ending() }
        await talk(socket)
        await socket.close(1_000, "")
        throw .lost
    }
}
