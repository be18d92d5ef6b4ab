// SPDX-License-Identifier: Apache-2.0
import CShims
import Effects
import Glibc
import Synchronization

/// TCP and UDP over IPv4 and IPv6, and local sockets.
struct SystemNetwork: Network {
    let loop: EventLoop
    /// Where names are looked up, which may take many seconds.
    let resolvers: ThreadPool
    /// Where file ranges are sent from.
    let disk: ThreadPool
    /// Where sockets are opened; nil for the program's own.
    var namespace: NamespaceFile?

    /// Connections that may wait to be accepted; the kernel lowers it to its own limit.
    private static let backlogMax: Int32 = 1024

    func listen(on endpoint: Endpoint) async throws(NetworkFailure) -> any Listener {
        let addresses = try await lookUp(endpoint, forListening: true, until: nil)
        guard let address = addresses.first else {
            throw .unreachable(endpoint, reason: "it has no address")
        }
        let descriptor = try open(address)
        Self.set(SO_REUSEADDR, of: SOL_SOCKET, on: descriptor)
        guard Self.bind(descriptor, to: address, endpoint),
            Glibc.listen(descriptor, Self.backlogMax) == 0
        else {
            let number = errno
            close(descriptor)
            throw Self.listenFailure(number, endpoint)
        }
        // Only now: who listens here already has been told above, and from now on this process may
        // dial from here.
        Self.set(SO_REUSEPORT, of: SOL_SOCKET, on: descriptor)
        let chosen = SocketAddress.local(of: descriptor).endpoint
        return SocketListener(try Socket(descriptor, loop: loop), endpoint: chosen, disk: disk)
    }

    func dial(
        _ endpoint: Endpoint, from source: Endpoint?, timeoutMilliseconds: UInt64
    ) async throws(NetworkFailure) -> any ByteStream {
        let deadline = SystemTime.deadline(inMilliseconds: timeoutMilliseconds)
        let from = try source.map { source throws(NetworkFailure) in try Self.numeric(source) }
        let addresses = try await lookUp(endpoint, forListening: false, until: deadline)
        var failure = NetworkFailure.unreachable(endpoint, reason: "it has no address")
        for address in addresses {
            do {
                return try await connect(to: address, endpoint, from: from, until: deadline)
            } catch .cancelled {
                throw .cancelled
            } catch .timedOut {
                throw .timedOut(endpoint)
            } catch {
                failure = error
            }
        }
        throw failure
    }

    /// Whether the address could be had; `errno` says why not.
    private static func bind(
        _ descriptor: Int32, to address: SocketAddress, _ endpoint: Endpoint
    ) -> Bool {
        if address.read({ Glibc.bind(descriptor, $0, $1) }) == 0 { return true }
        guard errno == EADDRINUSE, endpoint.isLocal else { return false }
        LocalPath.clear(address, endpoint.host)
        return address.read { Glibc.bind(descriptor, $0, $1) } == 0
    }

    // MARK: Dialling

    private func connect(
        to address: SocketAddress, _ endpoint: Endpoint, from source: SocketAddress?,
        until deadline: UInt64
    ) async throws(NetworkFailure) -> any ByteStream {
        let descriptor = try open(address)
        Self.sendWithoutDelay(descriptor)
        if let source { try Self.hold(source, descriptor) }
        let begun = address.read { Glibc.connect(descriptor, $0, $1) }
        let number = errno
        guard begun == 0 || number == EINPROGRESS || number == EINTR else {
            close(descriptor)
            // The two ports have another connection with each other, or just had one.
            if let source, number == EADDRNOTAVAIL || number == EADDRINUSE {
                throw .portInUse(source.endpoint)
            }
            throw Self.dialFailure(number, endpoint)
        }
        let socket = try Socket(descriptor, loop: loop)
        let error = try await socket.perform(.writing, until: deadline, Self.connectError)
        guard let error else {
            socket.close()
            throw .timedOut(endpoint)
        }
        guard error == 0 else {
            socket.close()
            throw Self.dialFailure(Int32(error), endpoint)
        }
        return SocketStream(socket, remote: address.endpoint, disk: disk)
    }

    /// Makes a descriptor begin at an address, which a listener of this process may hold as well.
    private static func hold(
        _ source: SocketAddress, _ descriptor: Int32
    ) throws(NetworkFailure) {
        set(SO_REUSEADDR, of: SOL_SOCKET, on: descriptor)
        set(SO_REUSEPORT, of: SOL_SOCKET, on: descriptor)
        guard source.read({ Glibc.bind(descriptor, $0, $1) }) != 0 else { return }
        let number = errno
        close(descriptor)
        guard number != EADDRINUSE else { throw .portInUse(source.endpoint) }
        throw listenFailure(number, source.endpoint)
    }

    /// The address of an endpoint whose host is a number.
    static func numeric(_ endpoint: Endpoint) throws(NetworkFailure) -> SocketAddress {
        let found = try AddressLookup.addresses(
            of: endpoint, isNumeric: true, forListening: true)
        guard let address = found.first else {
            throw .unreachable(endpoint, reason: "it is no numeric address")
        }
        return address
    }

    /// The outcome of a connection attempt: 0 when connected, an error number when it failed, and
    /// -1 with EAGAIN while it is under way.
    private static func connectError(_ descriptor: Int32) -> Int {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 else { return -1 }
        guard error == 0 else { return Int(error) }
        var peer = SocketAddress()
        guard peer.fill({ getpeername(descriptor, $0, $1) }) == 0 else {
            if errno == ENOTCONN { errno = EAGAIN }
            return -1
        }
        // A dial to a free port of this machine can be given that very port as its own and so
        // meet itself; nobody listens there all the same.
        let isSelf = SocketAddress.local(of: descriptor).endpoint == peer.endpoint
        return isSelf ? Int(ECONNREFUSED) : 0
    }

    // MARK: Names

    private func lookUp(
        _ endpoint: Endpoint, forListening: Bool, until deadline: UInt64?
    ) async throws(NetworkFailure) -> [SocketAddress] {
        let numeric = try AddressLookup.addresses(
            of: endpoint, isNumeric: true, forListening: forListening)
        guard numeric.isEmpty else { return numeric }
        let answer = Answer()
        resolvers.submit {
            answer.give(
                Result { () throws(NetworkFailure) in
                    try AddressLookup.addresses(
                        of: endpoint, isNumeric: false, forListening: forListening)
                })
        }
        let timer = deadline.map { loop.schedule(at: $0) { answer.gate.open() } }
        await answer.gate.wait()
        if let timer { loop.cancel(timer) }
        if let outcome = answer.taken() { return try outcome.get() }
        throw Task.isCancelled ? .cancelled : .timedOut(endpoint)
    }

    /// Where a lookup leaves its outcome, which may come after everybody has given up on it.
    private final class Answer: Sendable {
        let gate = OneShot()
        private let outcome = Mutex<Result<[SocketAddress], NetworkFailure>?>(nil)

        func give(_ value: Result<[SocketAddress], NetworkFailure>) {
            outcome.withLock { $0 = value }
            gate.open()
        }

        func taken() -> Result<[SocketAddress], NetworkFailure>? { outcome.withLock { $0 } }
    }

    // MARK: Sockets

    private func open(_ address: SocketAddress) throws(NetworkFailure) -> Int32 {
        try opened { atoll_stream_socket(address.family) }
    }

    /// A socket that is made where this network is.
    func opened(_ make: () -> Int32) throws(NetworkFailure) -> Int32 {
        let descriptor = try namespace.map { namespace throws(NetworkFailure) in
            try namespace.inside(make)
        }
        let made = descriptor ?? make()
        guard made >= 0 else { throw .fromSystem() }
        return made
    }

    func within(_ namespace: String) throws(NetworkFailure) -> any Network {
        var other = self
        other.namespace = try NamespaceFile(namespace)
        return other
    }

    /// Small messages leave at once (TCP_NODELAY): what belongs together is written together.
    static func sendWithoutDelay(_ descriptor: Int32) {
        set(TCP_NODELAY, of: Int32(IPPROTO_TCP), on: descriptor)
    }

    static func set(_ option: Int32, of level: Int32, on descriptor: Int32) {
        var one: Int32 = 1
        setsockopt(descriptor, level, option, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    static func listenFailure(_ number: Int32, _ endpoint: Endpoint) -> NetworkFailure {
        switch number {
        case EADDRINUSE: .portInUse(endpoint)
        case EADDRNOTAVAIL: .unreachable(endpoint, reason: SystemMessage.of(number))
        default: .system(errno: number, message: SystemMessage.of(number))
        }
    }

    private static func dialFailure(_ number: Int32, _ endpoint: Endpoint) -> NetworkFailure {
        switch number {
        case ECONNREFUSED: .refused(endpoint)
        case ETIMEDOUT: .timedOut(endpoint)
        case ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EACCES, EPERM:
            .unreachable(endpoint, reason: SystemMessage.of(number))
        default: .system(errno: number, message: SystemMessage.of(number))
        }
    }
}
