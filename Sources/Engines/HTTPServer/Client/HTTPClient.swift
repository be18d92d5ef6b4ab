// SPDX-License-Identifier: Apache-2.0
public import Effects
import Synchronization

/// An HTTP/1.1 client for `http://` addresses, and for `https://` ones where it knows whom to trust
/// (HTTP-65). It keeps a few idle connections and follows no redirects.
public final class HTTPClient: Sendable {
    /// The most idle connections kept: 8.
    static let idleMax = 8
    /// How long an idle connection is kept: 5 s, well below the minute after which servers end it,
    /// so a request seldom meets a connection that is just being ended.
    static let idleMilliseconds: UInt64 = 5_000

    private struct Idle {
        let place: Place
        let connection: ClientConnection
        let since: Instant
    }

    /// Where a connection leads, and whether it is sealed.
    struct Place: Hashable {
        let endpoint: Endpoint
        let isSealed: Bool

        init(_ address: HTTPAddress) {
            endpoint = address.endpoint
            isSealed = address.isSealed
        }
    }

    let effects: Effects
    private let security: ClientSecurity?
    private let idle = Mutex<[Idle]>([])

    /// A client without connections.
    ///
    /// - Parameter security: Whom to trust behind `https://`; without it those are refused.
    public init(effects: Effects, security: ClientSecurity? = nil) {
        self.effects = effects
        self.security = security
    }

    /// Sends a request and gathers the whole response.
    ///
    /// Any status is a response. A request that may be repeated is sent again once when the kept
    /// connection it went out on turns out to have ended.
    ///
    /// - Throws: ``HTTPClientFailure``
    public func send(
        _ request: HTTPClientRequest
    ) async throws(HTTPClientFailure) -> HTTPClientResponse {
        let download = try await open(request)
        return try await download.collect(limit: request.responseBytesMax)
    }

    /// Sends a request and gives the response's head as soon as it comes, the body on demand.
    ///
    /// - Throws: ``HTTPClientFailure``
    public func open(_ request: HTTPClientRequest) async throws(HTTPClientFailure) -> HTTPDownload {
        if let connection = takeIdle(to: Place(request.address)) {
            do throws(HTTPClientFailure) {
                return try await exchange(request, on: connection)
            } catch .closed {
                let hasResponded = await connection.hasResponded
                guard request.isRepeatable, !hasResponded else { throw .closed }
            } catch {
                throw error
            }
        }
        return try await exchange(request, on: try await connect(request))
    }

    /// Ends the idle connections.
    public func close() async {
        let connections = idle.withLock { idle in
            defer { idle = [] }
            return idle
        }
        for entry in connections { await entry.connection.close() }
    }

    private func exchange(
        _ request: HTTPClientRequest, on connection: ClientConnection
    ) async throws(HTTPClientFailure) -> HTTPDownload {
        let head = try await connection.exchange(request)
        return HTTPDownload(
            head: head, connection: connection, client: self, place: Place(request.address))
    }

    private func connect(
        _ request: HTTPClientRequest
    ) async throws(HTTPClientFailure) -> ClientConnection {
        let endpoint = request.address.endpoint
        let stream: any ByteStream
        do {
            stream = try await effects.network.dial(
                endpoint, timeoutMilliseconds: request.silenceMilliseconds)
        } catch .timedOut {
            throw .timedOut
        } catch .refused {
            throw .unreachable(endpoint, reason: "nobody listens there")
        } catch .unreachable(_, let reason) {
            throw .unreachable(endpoint, reason: reason)
        } catch {
            throw .unreachable(endpoint, reason: "\(error)")
        }
        return ClientConnection(effects, try await sealed(stream, request))
    }

    /// The stream as it is, or sealed when the address asks for that.
    private func sealed(
        _ stream: any ByteStream, _ request: HTTPClientRequest
    ) async throws(HTTPClientFailure) -> any ByteStream {
        guard request.address.isSealed else { return stream }
        let endpoint = request.address.endpoint
        guard let security else {
            stream.close()
            throw .untrusted(endpoint, reason: "this client knows nobody to trust behind https")
        }
        let clock = SilenceClock(effects, milliseconds: request.silenceMilliseconds)
        let watching = clock.start(on: stream)
        defer { watching.cancel() }
        do {
            return try await security.connect(stream, to: endpoint)
        } catch {
            if clock.isLate { throw .timedOut }
            throw .untrusted(endpoint, reason: error.words)
        }
    }

    /// Takes a connection that is still young, and forgets the old ones.
    private func takeIdle(to place: Place) -> ClientConnection? {
        let now = effects.time.now()
        return idle.withLock { idle in
            idle.removeAll { now.milliseconds(since: $0.since) >= Self.idleMilliseconds }
            guard let index = idle.lastIndex(where: { $0.place == place }) else { return nil }
            return idle.remove(at: index).connection
        }
    }

    /// Keeps a connection whose response has ended.
    func keep(_ connection: ClientConnection, to place: Place) {
        let entry = Idle(place: place, connection: connection, since: effects.time.now())
        idle.withLock { idle in
            idle.append(entry)
            if idle.count > Self.idleMax { idle.removeFirst() }
        }
    }
}

/// A response whose body is read piece by piece. Letting go of it before the end ends the
/// connection.
public final class HTTPDownload: Sendable {
    /// Status and fields.
    public let head: HTTPResponseHead
    private let connection: ClientConnection
    private let client: HTTPClient
    private let place: HTTPClient.Place
    private let isKept = Mutex(false)

    init(
        head: HTTPResponseHead, connection: ClientConnection, client: HTTPClient,
        place: HTTPClient.Place
    ) {
        self.head = head
        self.connection = connection
        self.client = client
        self.place = place
    }

    /// The next bytes of the body, or nothing after the last; one caller at a time.
    ///
    /// - Throws: ``HTTPClientFailure``
    public func next() async throws(HTTPClientFailure) -> [UInt8]? {
        let wasKept = isKept.withLock(\.self)
        guard !wasKept else { return nil }
        if let bytes = try await connection.nextBody() { return bytes }
        if await connection.isReusable {
            isKept.withLock { $0 = true }
            client.keep(connection, to: place)
        }
        return nil
    }

    /// The rest of the body, as a whole response.
    ///
    /// - Throws: ``HTTPClientFailure/tooLarge(limit:)`` beyond `limit` bytes, or another
    ///   ``HTTPClientFailure``.
    public func collect(limit: Int) async throws(HTTPClientFailure) -> HTTPClientResponse {
        if case .sized(let count) = head.framing, count > UInt64(limit) {
            await close()
            throw .tooLarge(limit: limit)
        }
        var body: [UInt8] = []
        while let bytes = try await next() {
            guard body.count + bytes.count <= limit else {
                await close()
                throw .tooLarge(limit: limit)
            }
            if body.isEmpty { body = bytes } else { body.append(contentsOf: bytes) }
        }
        return HTTPClientResponse(status: head.status, fields: head.fields, body: body)
    }

    /// Ends the connection unless the body was read to its end.
    public func close() async {
        let wasKept = isKept.withLock(\.self)
        if !wasKept { await connection.close() }
    }
}
