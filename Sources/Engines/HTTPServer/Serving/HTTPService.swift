// SPDX-License-Identifier: Apache-2.0
public import Effects
import Synchronization

/// An HTTP/1.1 and HTTP/2 server on one port (specs/http.md).
///
/// Connections are served concurrently, requests of one connection in order. All waiting has a
/// limit, all buffers have a limit, and every drop is counted.
public final class HTTPService: Sendable {
    private let state: ServiceState
    private let wanted: Endpoint
    private let security: TransportSecurity?
    private let listener = Mutex<(any Listener)?>(nil)

    /// Prepares a service; nothing happens before ``start()``.
    ///
    /// - Parameter security: How connections are sealed; without it they are plain.
    public init(
        effects: Effects, endpoint: Endpoint,
        configuration: HTTPConfiguration = HTTPConfiguration(), router: Router,
        security: TransportSecurity? = nil
    ) {
        self.security = security
        state = ServiceState(effects: effects, configuration: configuration, router: router)
        wanted = endpoint
    }

    /// Where it listens, with the port the system chose; before the start, where it shall.
    public var endpoint: Endpoint { listener.withLock { $0?.endpoint } ?? wanted }

    /// What was counted so far.
    public var counters: HTTPCounters { state.snapshot }

    /// Starts to listen and to serve.
    ///
    /// - Throws: ``NetworkFailure``, such as a port in use.
    public func start() async throws(NetworkFailure) {
        let listener = try await state.effects.network.listen(on: wanted)
        self.listener.withLock { $0 = listener }
        state.effects.tasks.spawn("http accept \(listener.endpoint)") { [state, security] in
            await Self.accept(listener, state, security)
        }
    }

    /// Stops: no new connection is taken, idle ones end at once, requests being answered are
    /// finished, and what is left after the grace is cut. A stopped service stays stopped.
    public func stop(graceMilliseconds: UInt64 = 5_000) async {
        listener.withLock { $0?.close() }
        state.drain()
        let timer = state.effects.tasks.spawn("http grace") { [state] in
            await state.effects.time.sleep(milliseconds: graceMilliseconds)
            state.wakeDrainWaiters()
        }
        await state.drained()
        timer.cancel()
        state.cutAll()
    }

    /// Takes connections until the listener is closed.
    private static func accept(
        _ listener: any Listener, _ state: ServiceState, _ security: TransportSecurity?
    ) async {
        while true {
            do {
                serve(try await listener.accept(), state, security)
            } catch .closed {
                return
            } catch {
                // The system is out of descriptors or memory: connections that end will free some.
                await state.effects.time.sleep(milliseconds: acceptRetryMilliseconds)
            }
        }
    }

    /// How long to wait after the system could not take a connection.
    private static let acceptRetryMilliseconds: UInt64 = 100

    private static func serve(
        _ stream: any ByteStream, _ state: ServiceState, _ security: TransportSecurity?
    ) {
        guard let (id, watch) = state.admit(stream) else { return stream.close() }
        let task = state.effects.tasks.spawn("http \(stream.remote)") {
            if let sealed = await secure(stream, watch, state, security) {
                await serve(sealed, watch, state)
            }
            state.release(id)
        }
        watch.runs(in: task)
    }

    /// Serves a connection in the protocol its client speaks: the one agreed on with the keys, or
    /// HTTP/2 when the first bytes say so (RFC 9113 section 3.3).
    private static func serve(
        _ stream: any ByteStream, _ watch: ConnectionWatch, _ state: ServiceState
    ) async {
        let patience = state.configuration.headMilliseconds
        let deadline = state.effects.time.now().later(milliseconds: patience)
        if (stream as? SecureStream)?.agreedProtocol == "h2" {
            return await HTTP2Connection(stream, watch, state, deadline).serve(received: [])
        }
        watch.reads(by: deadline, isIdle: true)
        if state.isDraining { return stream.close() }
        var received: [UInt8] = []
        while received.isEmpty || HTTP2Preface.mayBegin(received) {
            guard let more = try? await stream.read(limit: HTTPLimits.readBytesMax), !more.isEmpty
            else { return stream.close() }
            state.count { $0.bytesRead += UInt64(more.count) }
            received.append(contentsOf: more)
            watch.reads(by: deadline)
            if HTTP2Preface.begins(received) {
                watch.reads(by: nil)
                return await HTTP2Connection(stream, watch, state, deadline)
                    .serve(received: received)
            }
        }
        watch.reads(by: nil)
        await HTTPConnection(stream, watch, state, received: received, firstDeadline: deadline)
            .serve()
    }

    /// The connection as requests come over it; nothing when it could not be sealed (HTTP-61).
    private static func secure(
        _ stream: any ByteStream, _ watch: ConnectionWatch, _ state: ServiceState,
        _ security: TransportSecurity?
    ) async -> (any ByteStream)? {
        guard let security else { return stream }
        let patience = state.configuration.handshakeMilliseconds
        watch.reads(by: state.effects.time.now().later(milliseconds: patience))
        do {
            return try await security.accept(stream)
        } catch {
            state.count { $0.handshakesFailed += 1 }
            return nil
        }
    }
}
