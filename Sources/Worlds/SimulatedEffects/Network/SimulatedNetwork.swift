// SPDX-License-Identifier: Apache-2.0
import Effects

/// The network as one life of a node sees it. A node's address is its name.
struct SimulatedNetwork: Network {
    let life: Life

    /// How long a dial waits before it tries again over a cut link: TCP's first wait (RFC 6298).
    private static let dialAgainMilliseconds: UInt64 = 1000

    func listen(on endpoint: Endpoint) async throws(NetworkFailure) -> any Listener {
        life.core.confine()
        try await checkAlive()
        let core = life.core
        let anyAddress = endpoint.host == "0.0.0.0" || endpoint.host == "::"
        guard anyAddress || node(named: endpoint.host) == life.node else {
            throw .unreachable(endpoint, reason: "this is not an address of the node")
        }
        let port = endpoint.port == 0 ? core.fabric.freePort(of: life.node) : endpoint.port
        let key = Fabric.Port(node: life.node, port: port)
        guard core.fabric.listeners[key] == nil else { throw .portInUse(endpoint) }
        let name = core.nodes[life.node].name
        let listener = SimulatedListener(life: life, endpoint: Endpoint(host: name, port: port))
        core.fabric.listeners[key] = listener
        return listener
    }

    /// Where a dial begins makes no difference here: there are no NATs.
    func dial(
        _ endpoint: Endpoint, from source: Endpoint?, timeoutMilliseconds: UInt64
    ) async throws(NetworkFailure) -> any ByteStream {
        let core = life.core
        core.confine()
        try await checkAlive()
        guard let target = node(named: endpoint.host) else {
            throw .unreachable(endpoint, reason: "no node has this name")
        }
        core.note(.dialled, UInt64(life.node), UInt64(target), UInt64(endpoint.port))
        let link = Link(from: life.node, to: target)
        let deadline = Instant(core.now).advanced(by: Self.nanoseconds(timeoutMilliseconds)).value
        let isLost = core.dice.happens(perMillion: core.fabric[link].dialsLostPerMillion)
        while !isLost, core.now < deadline {
            if !core.fabric.isCut(link), !core.fabric.isCut(link.reversed) {
                return try await knock(link, endpoint, deadline)
            }
            try await wait(Self.nanoseconds(Self.dialAgainMilliseconds), until: deadline)
        }
        try await wait(.max, until: deadline)
        throw .timedOut(endpoint)
    }

    /// Travels to the target, and back with its answer.
    private func knock(
        _ link: Link, _ endpoint: Endpoint, _ deadline: UInt64
    ) async throws(NetworkFailure) -> any ByteStream {
        let core = life.core
        try await wait(core.flightNanoseconds(link), until: deadline)
        let key = Fabric.Port(node: link.to, port: endpoint.port)
        let near = core.fabric.listeners[key]?.knock(from: life)
        try await wait(core.flightNanoseconds(link.reversed), until: deadline)
        guard core.now < deadline else {
            near?.abort()
            throw .timedOut(endpoint)
        }
        guard let near else {
            core.note(.dialFailed, UInt64(link.from), UInt64(link.to))
            throw .refused(endpoint)
        }
        return near
    }

    private func wait(_ nanoseconds: UInt64, until deadline: UInt64) async throws(NetworkFailure) {
        let core = life.core
        let left = deadline > core.now ? deadline - core.now : 0
        if left > 0 { await core.sleep(nanoseconds: min(nanoseconds, left)) }
        try await checkAlive()
        if Task.isCancelled { throw .cancelled }
    }

    func node(named host: String) -> Int? {
        if host == "localhost" || host == "127.0.0.1" || host == "::1" { return life.node }
        return life.core.nodes.firstIndex { $0.name == host }
    }

    func checkAlive() async throws(NetworkFailure) {
        guard life.isOver else { return }
        await life.giveWay()
        throw .closed
    }

    private static func nanoseconds(_ milliseconds: UInt64) -> UInt64 {
        let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? .max : product
    }
}

/// A listening port of one life of a node.
final class SimulatedListener: Listener, @unchecked Sendable {
    // Touched only by the thread that drives the world (see Clockwork).
    let life: Life
    let endpoint: Endpoint
    private var waiting: [SimulatedStream] = []
    private var acceptor: OneShot?
    private var isClosed = false

    /// Connections that may wait to be accepted.
    private static let backlogMax = 1024

    init(life: Life, endpoint: Endpoint) {
        self.life = life
        self.endpoint = endpoint
    }

    /// A dial has arrived.
    ///
    /// - Returns: The dialler's end, or nothing when too many wait already.
    func knock(from dialler: Life) -> SimulatedStream? {
        guard waiting.count < Self.backlogMax else { return nil }
        let port = life.core.fabric.freePort(of: dialler.node)
        let connection = Connection(from: dialler, port: port, to: self, life.core)
        waiting.append(connection.far)
        acceptor?.open()
        return connection.near
    }

    func accept() async throws(NetworkFailure) -> any ByteStream {
        life.core.confine()
        while true {
            if life.isOver { await life.giveWay() }
            if isClosed || life.isOver { throw .closed }
            if Task.isCancelled { throw .cancelled }
            if !waiting.isEmpty {
                life.core.note(.accepted, UInt64(life.node), UInt64(endpoint.port))
                return waiting.removeFirst()
            }
            precondition(acceptor == nil, "one task may accept at a time")
            let gate = OneShot()
            acceptor = gate
            await gate.wait()
            acceptor = nil
        }
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        let key = Fabric.Port(node: life.node, port: endpoint.port)
        if life.core.fabric.listeners[key] === self { life.core.fabric.listeners[key] = nil }
        for stream in waiting { stream.abort() }
        waiting = []
        acceptor?.open()
    }
}
