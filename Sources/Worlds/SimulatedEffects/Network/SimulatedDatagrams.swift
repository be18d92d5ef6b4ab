// SPDX-License-Identifier: Apache-2.0
import Effects

/// A port for datagrams of one life of a node.
///
/// All nodes are on one local network: a group is heard by every port that has joined it, on the
/// sender's own node too.
final class SimulatedDatagrams: DatagramPort, @unchecked Sendable {
    // Touched only by the thread that drives the world (see Clockwork).
    let life: Life
    let endpoint: Endpoint
    private let request: DatagramRequest
    private var arrived: [Datagram] = []
    private var arrivedBytes = 0
    private var reader: OneShot?
    private var isClosed = false

    /// The most datagrams that wait to be read.
    private static let arrivedMax = 1_024
    /// The most bytes of them, as a generous socket has.
    private static let arrivedBytesMax = 4_194_304

    init(life: Life, endpoint: Endpoint, _ request: DatagramRequest) {
        self.life = life
        self.endpoint = endpoint
        self.request = request
    }

    func receive(limit: Int) async throws(NetworkFailure) -> [Datagram] {
        precondition(limit > 0, "at least one datagram is taken")
        life.core.confine()
        while true {
            if life.isOver { await life.giveWay() }
            if isClosed || life.isOver { throw .closed }
            if Task.isCancelled { throw .cancelled }
            if !arrived.isEmpty {
                let taken = Array(arrived.prefix(limit))
                arrived.removeFirst(taken.count)
                for datagram in taken { arrivedBytes -= datagram.bytes.count }
                return taken
            }
            precondition(reader == nil, "one reader may use a port at a time")
            let gate = OneShot()
            reader = gate
            await gate.wait()
            reader = nil
        }
    }

    func send(_ datagrams: [Datagram]) async throws(NetworkFailure) -> Int {
        life.core.confine()
        if life.isOver { await life.giveWay() }
        if isClosed || life.isOver { throw .closed }
        if Task.isCancelled { throw .cancelled }
        var taken = 0
        for datagram in datagrams where datagram.bytes.count <= Datagram.byteCountMax {
            let ports = receivers(of: datagram.endpoint)
            life.core.note(
                .datagramSent, UInt64(life.node), UInt64(ports.count), Trace.hash(datagram.bytes))
            for port in ports { port.fly(datagram.bytes, from: self) }
            taken += 1
        }
        return taken
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        life.core.fabric.datagramPorts.removeAll { $0 === self }
        reader?.open()
    }

    // MARK: On the way

    private func receivers(of target: Endpoint) -> [SimulatedDatagrams] {
        let ports = life.core.fabric.datagramPorts.filter { $0.endpoint.port == target.port }
        let members = ports.filter { $0.request.groups.contains(target.host) }
        guard members.isEmpty else { return members }
        let node = SimulatedNetwork(life: life).node(named: target.host)
        return ports.first { $0.life.node == node }.map { [$0] } ?? []
    }

    private func fly(_ bytes: [UInt8], from sender: SimulatedDatagrams) {
        let core = life.core
        let link = Link(from: sender.life.node, to: life.node)
        let conditions = core.fabric[link]
        guard !core.fabric.isCut(link),
            !core.dice.happens(perMillion: conditions.datagramsLostPerMillion)
        else { return core.note(.datagramLost, UInt64(link.from), UInt64(link.to)) }
        let isDoubled = core.dice.happens(perMillion: conditions.datagramsDoubledPerMillion)
        let datagram = Datagram(sender.endpoint, bytes)
        for _ in 0..<(isDoubled ? 2 : 1) {
            core.after(core.flightNanoseconds(link)) { [self] in land(datagram) }
        }
    }

    private func land(_ datagram: Datagram) {
        guard !isClosed, arrived.count < Self.arrivedMax,
            arrivedBytes + datagram.bytes.count <= Self.arrivedBytesMax
        else { return life.core.note(.datagramLost, UInt64(life.node), UInt64(life.node)) }
        life.core.note(.datagramArrived, UInt64(life.node), Trace.hash(datagram.bytes))
        arrived.append(datagram)
        arrivedBytes += datagram.bytes.count
        reader?.open()
    }
}

extension SimulatedNetwork {
    func bind(_ request: DatagramRequest) async throws(NetworkFailure) -> any DatagramPort {
        life.core.confine()
        try await checkAlive()
        let (core, asked) = (life.core, request.endpoint)
        let anyAddress = asked.host == "0.0.0.0" || asked.host == "::"
        guard anyAddress || node(named: asked.host) == life.node else {
            throw .unreachable(asked, reason: "this is not an address of the node")
        }
        let port = asked.port == 0 ? core.fabric.freePort(of: life.node) : asked.port
        let others = core.fabric.datagramPorts.filter {
            $0.life.node == life.node && $0.endpoint.port == port
        }
        guard others.allSatisfy({ $0.isShared && request.isShared }) else {
            throw .portInUse(asked)
        }
        let endpoint = Endpoint(host: core.nodes[life.node].name, port: port)
        let opened = SimulatedDatagrams(life: life, endpoint: endpoint, request)
        core.fabric.datagramPorts.append(opened)
        return opened
    }

    /// One way to one network, under the node's name.
    func interfaces() throws(NetworkFailure) -> [NetworkInterface] {
        [
            NetworkInterface(
                name: "net0", index: 1, addresses: [life.core.nodes[life.node].name],
                isLoopback: false, isMulticast: true)
        ]
    }
}

extension SimulatedDatagrams {
    fileprivate var isShared: Bool { request.isShared }
}
