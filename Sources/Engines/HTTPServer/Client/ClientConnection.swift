// SPDX-License-Identifier: Apache-2.0
import Effects

/// One connection to a server; carries one request after another.
actor ClientConnection {
    /// How many bytes of a body go out with the head in one write.
    private static let gatherBytes = 65_536

    private let effects: Effects
    private let stream: any ByteStream
    private var parser = ResponseParser()
    private var clock: SilenceClock
    private var clockTask: (any SpawnedTask)?
    private var head: HTTPResponseHead?
    private var isUploading = false
    private var isEnded = true
    private var isBroken = false
    /// Whether any byte of the response has come.
    private(set) var hasResponded = false
    /// Whether an earlier request was answered on it.
    private(set) var isReused = false

    init(_ effects: Effects, _ stream: any ByteStream) {
        self.effects = effects
        self.stream = stream
        clock = SilenceClock(effects, milliseconds: 0)
    }

    deinit {
        clockTask?.cancel()
        stream.close()
    }

    /// Whether another request may follow.
    var isReusable: Bool {
        isEnded && !isBroken && !isUploading && head?.keepsAlive == true && !parser.hasLeftOver
    }

    /// Sends a request and waits for the head of its response.
    func exchange(_ request: HTTPClientRequest) async throws(HTTPClientFailure) -> HTTPResponseHead
    {
        isReused = head != nil
        hasResponded = false
        isEnded = false
        head = nil
        parser.expect(request.method)
        clock = SilenceClock(effects, milliseconds: request.silenceMilliseconds)
        clockTask?.cancel()
        clockTask = clock.start(on: stream)
        do throws(HTTPClientFailure) {
            try await send(request)
            guard case .head(let head) = try await nextEvent() else { throw .closed }
            self.head = head
            if head.status.code >= 400, isUploading { isBroken = true }
            return head
        } catch {
            close()
            throw error
        }
    }

    /// The next bytes of the body, or nothing after the last.
    func nextBody() async throws(HTTPClientFailure) -> [UInt8]? {
        guard !isEnded else { return nil }
        do throws(HTTPClientFailure) {
            if case .body(let bytes) = try await nextEvent() { return bytes }
        } catch {
            close()
            throw error
        }
        isEnded = true
        clockTask?.cancel()
        if !isReusable { close() }
        return nil
    }

    /// Ends the connection.
    func close() {
        isBroken = true
        isEnded = true
        clockTask?.cancel()
        stream.close()
    }

    private func nextEvent() async throws(HTTPClientFailure) -> ResponseParser.Event {
        while true {
            do {
                if let event = try parser.next() { return event }
            } catch {
                throw .malformed(error)
            }
            let bytes: [UInt8]
            do {
                bytes = try await stream.read(limit: HTTPLimits.readBytesMax)
            } catch .system(0, let words) where !clock.isLate {
                // The words of a sealed stream's other end, such as that it wants a certificate.
                throw .untrusted(stream.remote, reason: words)
            } catch {
                throw clock.isLate ? .timedOut : .closed
            }
            guard !bytes.isEmpty else {
                guard parser.streamEnded() else { throw .closed }
                return .end
            }
            hasResponded = true
            clock.moved()
            parser.feed(bytes)
        }
    }
}

// MARK: - Sending

extension ClientConnection {
    private func send(_ request: HTTPClientRequest) async throws(HTTPClientFailure) {
        var bytes = try Self.head(of: request)
        switch request.body {
        case .none: try await write(bytes)
        case .bytes(let body) where body.count <= Self.gatherBytes:
            bytes.append(contentsOf: body)
            try await write(bytes)
        case .bytes, .file:
            try await write(bytes)
            isUploading = true
            // The server may answer before it has read all, so the head is awaited meanwhile.
            effects.tasks.spawn("http upload \(stream.remote)") { await self.upload(request.body) }
        }
    }

    private func write(_ bytes: [UInt8]) async throws(HTTPClientFailure) {
        do {
            try await stream.write(bytes)
        } catch {
            throw clock.isLate ? .timedOut : .closed
        }
        clock.moved()
    }

    /// Sends a large body in pieces until the end, or until the server has refused it.
    ///
    /// When it fails, the reader of the response learns why: by a response that came before the
    /// end, or by the end.
    private func upload(_ body: HTTPClientRequest.Body) async {
        do {
            switch body {
            case .none: break
            case .bytes(let bytes):
                var start = 0
                while start < bytes.count, !isBroken {
                    let end = min(bytes.count, start + HTTPConfiguration.writeBytesMax)
                    try await stream.write(Array(bytes[start..<end]))
                    clock.moved()
                    start = end
                }
            case .file(let file, let offset, let count):
                var sent: UInt64 = 0
                while sent < count, !isBroken {
                    let piece = min(count - sent, UInt64(HTTPConfiguration.writeBytesMax))
                    try await stream.write(file: file, from: offset + sent, count: piece)
                    clock.moved()
                    sent += piece
                }
            }
        } catch .closed {
            isBroken = true
        } catch {
            // The file failed, so the request can never be whole.
            if case .system(0, _) = error { close() }
            isBroken = true
        }
        isUploading = false
    }

    /// The request line and fields.
    private static func head(
        of request: HTTPClientRequest
    ) throws(HTTPClientFailure) -> [UInt8] {
        let own = ["host", "content-length", "transfer-encoding", "connection"]
        for field in request.fields.all {
            guard field.isSafe else { throw .invalidRequest("a field cannot stand on one line") }
            guard !own.contains(where: { HTTPSyntax.equalNames($0, field.name) }) else {
                throw .invalidRequest("\(field.name) is set by the client")
            }
        }
        var text = "\(request.method) \(request.address.target) HTTP/1.1\r\n"
        text += "Host: \(request.address.hostField)\r\n"
        switch request.body {
        case .none:
            if request.method == .post || request.method == .put || request.method == .patch {
                text += "Content-Length: 0\r\n"
            }
        case .bytes(let bytes): text += "Content-Length: \(bytes.count)\r\n"
        case .file(_, _, let count): text += "Content-Length: \(count)\r\n"
        }
        for field in request.fields.all { text += "\(field.name): \(field.value)\r\n" }
        return Array((text + "\r\n").utf8)
    }
}
