// SPDX-License-Identifier: Apache-2.0
import Effects

// What a connection reads: heads, bodies, and what it drops.

extension HTTPConnection {
    /// The head of the next request; nothing when the client has ended or a stop has begun.
    func nextHead() async throws(End) -> HTTPRequestHead? {
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
                    isIdle
                    ? state.configuration.keepAliveMilliseconds
                    : state.configuration.headMilliseconds
                let later = state.effects.time.now().later(milliseconds: milliseconds)
                deadline = isFirst ? firstDeadline : later
            }
            watch.reads(by: deadline, isIdle: isIdle)
            if isIdle, state.isDraining { return nil }
            let bytes = try await read()
            guard !bytes.isEmpty else { return nil }
            if isIdle { deadline = nil }
            parser.feed(bytes)
        }
    }

    func nextEvent() throws(End) -> RequestParser.Event? {
        do {
            return try parser.next()
        } catch {
            throw .refused(error)
        }
    }

    /// Reads what has come; the deadline is set already.
    func read() async throws(End) -> [UInt8] {
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
    func take(_ bytes: [UInt8], after received: UInt64) throws(End) -> [UInt8] {
        let total = received + UInt64(bytes.count)
        guard total <= bodyLimit else {
            body = .failed(.tooLarge(limit: bodyLimit))
            throw .lost
        }
        body = .open(received: total)
        return bytes
    }

    /// Reads more of the body.
    func readBody() async throws(End) {
        try await flush()
        let patience = state.configuration.bodyIdleMilliseconds
        watch.reads(by: state.effects.time.now().later(milliseconds: patience))
        let bytes = try await read()
        guard !bytes.isEmpty else { throw .lost }
        parser.feed(bytes)
    }

    /// Drops what has already come of a body the handler did not read.
    func dropBufferedBody() {
        while case .open(let received) = body {
            guard !owesContinue, let event = try? parser.next() else { return }
            switch event {
            case .body(let bytes): body = .open(received: received + UInt64(bytes.count))
            case .end, .head: body = .ended
            }
        }
    }

    /// Whether the rest of the body can be dropped for less than a new connection costs.
    var canDropBody: Bool {
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
    func dropBody() async throws(End) -> Bool {
        while case .open = body {
            dropBufferedBody()
            if case .open = body { try await readBody() }
        }
        if case .failed = body { return false }
        return true
    }

    /// Takes in what the client still sends, for a while, so that it can read the last response.
    func linger() async {
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

    var isBodyEnded: Bool {
        if case .ended = body { true } else { false }
    }
}
