// SPDX-License-Identifier: Apache-2.0
import Effects

/// One stream of a connection, as handlers see it.
final class HTTP2Source: RequestSource {
    private let connection: HTTP2Connection
    private let id: Int32

    init(_ connection: HTTP2Connection, _ id: Int32) {
        self.connection = connection
        self.id = id
    }

    func prepareBody(limit: UInt64, isRefused: Bool) async {
        await connection.prepareBody(of: id, limit: limit, isRefused: isRefused)
    }

    func nextBodyBytes(serial: UInt64) async throws(HTTPBodyFailure) -> [UInt8]? {
        try await connection.nextBodyBytes(of: id)
    }

    func departed(serial: UInt64) async -> Bool { await connection.departed(id) }

    func writeBody(_ bytes: [UInt8], serial: UInt64) async throws(HTTPWriteFailure) {
        try await connection.writeBody(bytes, to: id)
    }
}

extension HTTP2Connection {
    // MARK: - Requests

    /// Has a request answered.
    func begin(_ id: Int32, _ head: HTTPRequestHead) {
        state.count { $0.requests += 1 }
        var stream = Stream()
        stream.owesContinue = head.expectsContinue
        streams[id] = stream
        run(id, head) { [answering, self] in
            await answering.answer(head, from: HTTP2Source(self, id), serial: UInt64(id))
        }
    }

    /// Answers what is no request.
    func refuse(_ id: Int32, _ refusal: HTTPRefusal) {
        state.count { $0.requestsRefused += 1 }
        streams[id] = Stream(failure: .malformed("refused"))
        let began = state.effects.time.now()
        run(id, nil) {
            RequestAnswering.Answer(
                response: refusal.problem.response, requestID: nil, began: began)
        }
    }

    private func run(
        _ id: Int32, _ head: HTTPRequestHead?,
        _ answer: @escaping @Sendable () async -> RequestAnswering.Answer
    ) {
        tasks[id] = state.effects.tasks.spawn("http2 request") { [self] in
            await send(await answer(), to: head, on: id)
            await forget(id)
        }
    }

    private func forget(_ id: Int32) { tasks[id] = nil }

    // MARK: - Bodies of requests

    func prepareBody(of id: Int32, limit: UInt64, isRefused: Bool) {
        streams[id]?.limit = limit
        if isRefused { streams[id]?.failure = .tooLarge(limit: limit) }
    }

    /// Bytes of a body have come.
    func add(_ bytes: [UInt8], to id: Int32) {
        guard let stream = streams[id] else {
            session?.consume(id, bytes.count)
            return
        }
        streams[id]?.pending.append(contentsOf: bytes)
        if stream.isResponseSent { dropPending(of: id) } else { wakeReader(of: id) }
    }

    /// Drops what nobody will read of a body, for a while: some clients read the response only
    /// once they have sent all, and take a reset for a failure.
    func dropPending(of id: Int32) {
        guard let stream = streams[id] else { return }
        session?.consume(id, stream.pending.count)
        streams[id]?.dropped += stream.pending.count
        streams[id]?.pending = []
        guard stream.dropped + stream.pending.count > HTTPConfiguration.lingerBytesMax else {
            return
        }
        session?.reset(id, isFailure: false)
    }

    func wakeReader(of id: Int32) {
        streams[id]?.reader?.resume()
        streams[id]?.reader = nil
    }

    func nextBodyBytes(of id: Int32) async throws(HTTPBodyFailure) -> [UInt8]? {
        while let stream = streams[id] {
            if let failure = stream.failure { throw failure }
            if !stream.pending.isEmpty { return try await takePending(of: id) }
            if stream.isBodyEnded { return nil }
            guard stream.reader == nil else { throw .closed }
            if stream.owesContinue {
                streams[id]?.owesContinue = false
                session?.inform(id)
                await pump()
                continue
            }
            let patience = state.configuration.bodyIdleMilliseconds
            watch.reads(by: state.effects.time.now().later(milliseconds: patience))
            await withCheckedContinuation { streams[id]?.reader = $0 }
        }
        throw .closed
    }

    private func takePending(of id: Int32) async throws(HTTPBodyFailure) -> [UInt8] {
        guard let stream = streams[id] else { throw .closed }
        let bytes = stream.pending
        let total = stream.received + UInt64(bytes.count)
        streams[id]?.pending = []
        streams[id]?.received = total
        session?.consume(id, bytes.count)
        guard total <= stream.limit else {
            streams[id]?.failure = .tooLarge(limit: stream.limit)
            throw .tooLarge(limit: stream.limit)
        }
        await pump()
        return bytes
    }

    func departed(_ id: Int32) async -> Bool {
        guard streams[id] != nil else { return true }
        let gate = OneShot()
        streams[id]?.departure = gate
        await gate.wait()
        return streams[id] == nil
    }

    // MARK: - Responses

    private func send(
        _ answer: RequestAnswering.Answer, to head: HTTPRequestHead?, on id: Int32
    ) async {
        var plan = ResponseHead(answer.response, to: head?.method, isVersion10: false)
        if plan == nil || plan?.isUpgrade == true {
            state.count { $0.responsesInvalid += 1 }
            await HTTPConnection.discard(answer.response.body)
            plan = ResponseHead(
                Problem(.internalError).response, to: head?.method, isVersion10: false)
        }
        guard let plan else { return }
        state.count { $0.responsesByClass[Int(plan.response.status.code / 100) - 1] += 1 }
        var isWhole = false
        if streams[id] != nil {
            session?.respond(
                id, plan.fields(date: state.dateText), hasBody: plan.sendsBody)
            isWhole = await sendBody(plan, to: id)
        } else {
            await HTTPConnection.discard(plan.response.body)
        }
        await pump()
        let sent = streams[id]?.sent ?? 0
        if let head { answering.note(head, answer, bodyBytes: sent, isWhole: isWhole) }
    }

    /// Sends a body; false when it did not become whole.
    private func sendBody(_ plan: ResponseHead, to id: Int32) async -> Bool {
        guard plan.sendsBody else {
            await HTTPConnection.discard(plan.response.body)
            return true
        }
        if case .sized(let count) = plan.length { streams[id]?.remaining = count }
        let source = HTTP2Source(self, id)
        do {
            switch plan.response.body {
            case .bytes(let bytes): give(bytes, to: id)
            case .file(let file, let offset, let count):
                try await send(file, from: offset, count: count, to: id)
            case .stream(_, let produce):
                try await produce(HTTPBodyWriter(sink: source, serial: UInt64(id)))
            case .events(let queue):
                defer { queue.close() }
                while let bytes = await queue.next() { try await writeBody(bytes, to: id) }
            case .webSocket, .upgrade: throw HTTPWriteFailure.closed
            }
            guard streams[id]?.remaining ?? 0 == 0 else { throw HTTPWriteFailure.closed }
            session?.end(id)
            return streams[id] != nil
        } catch {
            // A part must not look like the whole.
            session?.reset(id, isFailure: true)
            return false
        }
    }

    private func send(
        _ file: any FileReader, from offset: UInt64, count: UInt64, to id: Int32
    ) async throws {
        var position = offset
        do {
            while position < offset + count {
                let piece = min(offset + count - position, UInt64(HTTP2Limits.writeBytes))
                let bytes = try await file.read(at: position, count: Int(piece))
                guard !bytes.isEmpty else { throw HTTPWriteFailure.closed }
                try await writeBody(bytes, to: id)
                position += UInt64(bytes.count)
            }
        } catch {
            await file.close()
            throw error
        }
        await file.close()
    }

    private func give(_ bytes: [UInt8], to id: Int32) {
        streams[id]?.sent += UInt64(bytes.count)
        if let remaining = streams[id]?.remaining {
            streams[id]?.remaining = remaining - min(remaining, UInt64(bytes.count))
        }
        if !bytes.isEmpty { session?.give(id, bytes) }
    }

    /// Sends a piece of a body; returns when the client's windows have let most of it through.
    func writeBody(_ bytes: [UInt8], to id: Int32) async throws(HTTPWriteFailure) {
        guard let stream = streams[id], stream.writer == nil else { throw .closed }
        if let remaining = stream.remaining, UInt64(bytes.count) > remaining { throw .tooLong }
        give(bytes, to: id)
        await pump()
        while streams[id] != nil, (session?.unsent(id) ?? 0) > HTTP2Limits.unsentBytesMax {
            startWriteClock()
            await withCheckedContinuation { streams[id]?.writer = $0 }
        }
        guard streams[id] != nil else { throw .closed }
    }
}
