// SPDX-License-Identifier: Apache-2.0
import Effects

/// One client's connection: reads requests in order, has them answered, writes the responses.
///
/// Responses to requests that arrived together are gathered into one write. Nothing is read ahead
/// of the request being answered beyond one read, so a client that sends faster is held by TCP.
actor HTTPConnection {
    /// Why a connection ends without another response.
    enum End: Error {
        /// The client has gone, or was cut.
        case lost
        /// What came is no request.
        case refused(HTTPRefusal)
    }

    /// The body of the request being answered.
    enum BodyState {
        case ended
        case open(received: UInt64)
        case failed(HTTPBodyFailure)
    }

    let stream: any ByteStream
    let watch: ConnectionWatch
    let state: ServiceState
    private var parser = RequestParser()
    private var output: [UInt8] = []
    private var head: HTTPRequestHead?
    private var body = BodyState.ended
    private var bodyLimit: UInt64 = 0
    /// Whether `100 Continue` is owed before the body is read.
    private var owesContinue = false
    private var isReading = false
    private var isWriting = false
    /// The number of the request being answered; old handles to bodies do not match it.
    private var serial: UInt64 = 0
    /// How the body being written is delimited, and what is left of a size.
    private var writing: (length: ResponseHead.Length, remaining: UInt64)?

    init(_ stream: any ByteStream, _ watch: ConnectionWatch, _ state: ServiceState) {
        self.stream = stream
        self.watch = watch
        self.state = state
    }

    /// Serves requests until one side ends the connection.
    func serve() async {
        do throws(End) {
            while try await serveNext() {}
            try await flush()
            await linger()
        } catch {
            if case .refused(let refusal) = error { await refuse(refusal) }
        }
        stream.close()
    }

    /// Answers the next request; false when the connection shall end.
    private func serveNext() async throws(End) -> Bool {
        guard let head = try await nextHead() else { return false }
        self.head = head
        serial += 1
        state.count { $0.requests += 1 }
        body = head.framing == .none ? .ended : .open(received: 0)
        owesContinue = head.expectsContinue
        let response = await answer(head)
        dropBufferedBody()
        guard try await send(response, to: head) else { return false }
        return try await dropBody()
    }

    /// Answers what is not a request and ends.
    private func refuse(_ refusal: HTTPRefusal) async {
        state.count { $0.requestsRefused += 1 }
        do throws(End) {
            body = .failed(.malformed("refused"))
            _ = try await send(refusal.problem.response, to: nil)
            try await flush()
            await linger()
        } catch {
            return
        }
    }
}

// MARK: - Reading

extension HTTPConnection {
    /// The head of the next request; nothing when the client has ended or a stop has begun.
    private func nextHead() async throws(End) -> HTTPRequestHead? {
        var deadline: Instant?
        while true {
            while let event = try nextEvent() {
                if case .head(let head) = event { return head }
            }
            try await flush()
            let isIdle = !parser.isInHead
            if isIdle || deadline == nil {
                let isFirst = serial == 0
                let milliseconds =
                    isIdle && !isFirst
                    ? state.configuration.keepAliveMilliseconds
                    : state.configuration.headMilliseconds
                deadline = state.effects.time.now().later(milliseconds: milliseconds)
            }
            watch.reads(by: deadline, isIdle: isIdle)
            if isIdle, state.isDraining { return nil }
            let bytes = try await read()
            guard !bytes.isEmpty else { return nil }
            if isIdle { deadline = nil }
            parser.feed(bytes)
        }
    }

    private func nextEvent() throws(End) -> RequestParser.Event? {
        do {
            return try parser.next()
        } catch {
            throw .refused(error)
        }
    }

    /// Reads what has come; the deadline is set already.
    private func read() async throws(End) -> [UInt8] {
        do {
            let bytes = try await stream.read(limit: HTTPLimits.readBytesMax)
            watch.reads(by: nil)
            state.count { $0.bytesRead += UInt64(bytes.count) }
            return bytes
        } catch {
            throw .lost
        }
    }

    /// The next bytes of the body of the request with this number.
    func nextBodyBytes(serial: UInt64) async throws(HTTPBodyFailure) -> [UInt8]? {
        guard serial == self.serial, !isReading else { throw .closed }
        isReading = true
        defer { isReading = false }
        if owesContinue {
            owesContinue = false
            output.append(contentsOf: "HTTP/1.1 100 Continue\r\n\r\n".utf8)
        }
        while true {
            switch body {
            case .ended: return nil
            case .failed(let failure): throw failure
            case .open(let received):
                do throws(End) {
                    switch try nextEvent() {
                    case .body(let bytes):
                        return try take(bytes, after: received)
                    case .end: body = .ended
                    case .head, nil: try await readBody()
                    }
                } catch .refused(let refusal) {
                    state.count { $0.requestsRefused += 1 }
                    body = .failed(.malformed(refusal.problem.detail ?? "\(refusal)"))
                } catch {
                    if case .open = body { body = .failed(.closed) }
                }
            }
        }
    }

    /// Counts bytes of the body against the route's limit.
    private func take(_ bytes: [UInt8], after received: UInt64) throws(End) -> [UInt8] {
        let total = received + UInt64(bytes.count)
        guard total <= bodyLimit else {
            body = .failed(.tooLarge(limit: bodyLimit))
            throw .lost
        }
        body = .open(received: total)
        return bytes
    }

    /// Reads more of the body.
    private func readBody() async throws(End) {
        try await flush()
        let patience = state.configuration.bodyIdleMilliseconds
        watch.reads(by: state.effects.time.now().later(milliseconds: patience))
        let bytes = try await read()
        guard !bytes.isEmpty else { throw .lost }
        parser.feed(bytes)
    }

    /// Drops what has already come of a body the handler did not read.
    private func dropBufferedBody() {
        while case .open(let received) = body {
            guard !owesContinue, let event = try? parser.next() else { return }
            switch event {
            case .body(let bytes): body = .open(received: received + UInt64(bytes.count))
            case .end, .head: body = .ended
            }
        }
    }

    /// Whether the rest of the body can be dropped for less than a new connection costs.
    private var canDropBody: Bool {
        switch body {
        case .ended: true
        case .failed: false
        case .open(let received):
            if case .sized(let count)? = head?.framing, !owesContinue {
                count - received <= HTTPConfiguration.drainBytesMax
            } else {
                false
            }
        }
    }

    /// Drops the rest of the body; false when the connection cannot be kept.
    private func dropBody() async throws(End) -> Bool {
        while case .open = body {
            dropBufferedBody()
            if case .open = body { try await readBody() }
        }
        if case .failed = body { return false }
        return true
    }

    /// Takes in what the client still sends, for a while, so that it can read the last response.
    private func linger() async {
        guard !isBodyEnded else { return }
        let patience = state.configuration.lingerMilliseconds
        watch.lingers(until: state.effects.time.now().later(milliseconds: patience))
        var dropped = 0
        while dropped < HTTPConfiguration.lingerBytesMax {
            guard let bytes = try? await stream.read(limit: HTTPLimits.readBytesMax),
                !bytes.isEmpty
            else { return }
            dropped += bytes.count
        }
    }

    private var isBodyEnded: Bool {
        if case .ended = body { true } else { false }
    }
}

// MARK: - Answering

extension HTTPConnection {
    /// The response to a request; every failure becomes one.
    private func answer(_ head: HTTPRequestHead) async -> HTTPResponse {
        switch state.router.match(head.method, path: head.path) {
        case .found(let route, let parameters):
            return await answer(head, route, parameters)
        case .wrongMethod(let allowed):
            let names = allowed.joined(separator: ", ")
            if head.method == .options {
                return HTTPResponse(.noContent, fields: ["Allow": names])
            }
            var problem = Problem(.methodNotAllowed, detail: "allowed here: \(names)")
            problem.fields["Allow"] = names
            return problem.response
        case .malformed:
            return Problem(.badRequest, detail: "the path is malformed").response
        case .notFound:
            if head.path == "*" { return HTTPResponse(.noContent) }
            return Problem(.notFound, detail: "nothing is at this path").response
        }
    }

    private func answer(
        _ head: HTTPRequestHead, _ route: Router.Route, _ parameters: RouteParameters
    ) async -> HTTPResponse {
        bodyLimit = route.bodyBytesMax
        var announced: UInt64?
        if case .sized(let count) = head.framing {
            guard count <= bodyLimit else {
                body = .failed(.tooLarge(limit: bodyLimit))
                return Self.tooLarge(bodyLimit)
            }
            announced = count
        } else if head.framing == .none {
            announced = 0
        }
        let request = HTTPRequest(
            head: head, parameters: parameters,
            body: HTTPRequestBody(
                count: announced, limit: bodyLimit, source: self, serial: serial),
            remote: stream.remote)
        do {
            return try await route.handler(request)
        } catch let problem as Problem {
            return problem.response
        } catch HTTPBodyFailure.tooLarge(let limit) {
            return Self.tooLarge(limit)
        } catch HTTPBodyFailure.malformed(let words) {
            return Problem(.badRequest, detail: words).response
        } catch {
            state.count { $0.handlersFailed += 1 }
            return Problem(.internalError).response
        }
    }

    private static func tooLarge(_ limit: UInt64) -> HTTPResponse {
        Problem(
            .contentTooLarge, detail: "the body may have at most \(limit) bytes",
            members: [("limit", .unsigned(limit))]
        ).response
    }
}

// MARK: - Writing

extension HTTPConnection {
    /// Sends a response; false when the connection shall end after it.
    private func send(
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
    private static func discard(_ body: HTTPResponse.Body) async {
        switch body {
        case .bytes, .stream: return
        case .file(let file, _, _): await file.close()
        case .events(let queue): queue.close()
        }
    }

    private func sendBody(_ plan: ResponseHead) async throws(End) {
        switch plan.response.body {
        case .bytes(let bytes) where bytes.count <= HTTPConfiguration.gatherBytes:
            output.append(contentsOf: bytes)
        case .bytes(let bytes):
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
    private func flush() async throws(End) {
        guard !output.isEmpty else { return }
        try await write(output.taken())
    }

    /// Writes bytes in pieces, each of which must be taken in time.
    private func write(_ bytes: [UInt8]) async throws(End) {
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
    private func write(
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
            state.count { $0.bytesWritten += piece }
        }
        watch.writes(by: nil)
    }

    private func startWriteClock() {
        let patience = state.configuration.writeStallMilliseconds
        watch.writes(by: state.effects.time.now().later(milliseconds: patience))
    }
}

// MARK: - Streams and events

extension HTTPConnection {
    /// Lets a handler produce the body.
    private func sendStream(
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
            try await produce(HTTPBodyWriter(connection: self, serial: serial))
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
        var framed = bytes
        switch writing.length {
        case .none: throw .tooLong
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
    private func send(_ queue: EventQueue) async throws(End) {
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
        while let bytes = await queue.next() { try await write(bytes) }
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
