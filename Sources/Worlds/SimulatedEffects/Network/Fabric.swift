// SPDX-License-Identifier: Apache-2.0
import Effects

/// How one direction of the way between two nodes behaves.
public struct LinkConditions: Sendable, Equatable {
    /// The least time a message takes.
    public var latencyMicroseconds: UInt64
    /// Up to so much is added to each message; streams stay ordered all the same.
    public var jitterMicroseconds: UInt64
    /// Of a million messages, how many break their stream instead of arriving.
    public var resetsPerMillion: UInt64
    /// Of a million dials, how many get no answer.
    public var dialsLostPerMillion: UInt64
    /// Of a million datagrams, how many are lost.
    public var datagramsLostPerMillion: UInt64
    /// Of a million datagrams, how many arrive twice.
    public var datagramsDoubledPerMillion: UInt64

    /// A way that loses nothing: 0.5 ms and up to 0.5 ms more, as inside one data centre.
    public init(
        latencyMicroseconds: UInt64 = 500, jitterMicroseconds: UInt64 = 500,
        resetsPerMillion: UInt64 = 0, dialsLostPerMillion: UInt64 = 0,
        datagramsLostPerMillion: UInt64 = 0, datagramsDoubledPerMillion: UInt64 = 0
    ) {
        self.datagramsLostPerMillion = datagramsLostPerMillion
        self.datagramsDoubledPerMillion = datagramsDoubledPerMillion
        self.latencyMicroseconds = latencyMicroseconds
        self.jitterMicroseconds = jitterMicroseconds
        self.resetsPerMillion = resetsPerMillion
        self.dialsLostPerMillion = dialsLostPerMillion
    }
}

/// One direction between two nodes.
struct Link: Hashable {
    let from: Int
    let to: Int

    var reversed: Link { Link(from: to, to: from) }
}

/// All links, listeners and connections of a world.
struct Fabric {
    struct Port: Hashable {
        let node: Int
        let port: UInt16
    }

    /// What links are like that nobody has set.
    var usual = LinkConditions()
    var conditions: [Link: LinkConditions] = [:]
    var cuts: Set<Link> = []
    var listeners: [Port: SimulatedListener] = [:]
    /// Ports for datagrams, in the order of their opening.
    var datagramPorts: [SimulatedDatagrams] = []
    /// Open connections, oldest first.
    var connections: [Connection] = []
    private var portsGiven: [Int: UInt16] = [:]

    /// The first port given to whoever does not name one (RFC 6335 section 6).
    private static let firstFreePort: UInt16 = 49_152

    subscript(link: Link) -> LinkConditions { conditions[link] ?? usual }

    func isCut(_ link: Link) -> Bool { cuts.contains(link) }

    /// A port of a node that nobody listens on.
    mutating func freePort(of node: Int) -> UInt16 {
        var port = portsGiven[node] ?? Self.firstFreePort
        while listeners[Port(node: node, port: port)] != nil
            || datagramPorts.contains(where: { $0.life.node == node && $0.endpoint.port == port })
        {
            port = Self.following(port)
        }
        portsGiven[node] = Self.following(port)
        return port
    }

    private static func following(_ port: UInt16) -> UInt16 {
        port == .max ? firstFreePort : port + 1
    }
}

extension Clockwork {
    /// How long the next message on a link takes.
    func flightNanoseconds(_ link: Link) -> UInt64 {
        let conditions = fabric[link]
        let jitter = conditions.jitterMicroseconds
        let added = jitter == 0 ? 0 : dice.below(jitter + 1)
        return (conditions.latencyMicroseconds + added) * 1000
    }

    /// Cuts or heals links; what a cut held back is sent on when it heals.
    func set(_ links: [Link], cut: Bool) {
        for link in links {
            note(.linkChanged, UInt64(link.from), UInt64(link.to), cut ? 1 : 0)
            if cut { fabric.cuts.insert(link) } else { fabric.cuts.remove(link) }
        }
        guard !cut else { return }
        for connection in fabric.connections {
            for pipe in [connection.outward, connection.homeward] where links.contains(pipe.link) {
                pipe.resend()
            }
        }
    }

    /// Closes the ports and breaks the streams of a life that is over.
    func closeEverything(of life: Life) {
        let ports = fabric.listeners.filter { $0.value.life === life }.map(\.key.port).sorted()
        for port in ports {
            fabric.listeners[Fabric.Port(node: life.node, port: port)]?.close()
        }
        for port in fabric.datagramPorts where port.life === life { port.close() }
        for connection in fabric.connections {
            if connection.near.life === life { connection.near.abort() }
            if connection.far.life === life { connection.far.abort() }
        }
    }

    /// Forgets a connection both of whose ends are closed.
    func forgetIfDone(_ connection: Connection) {
        guard connection.near.isClosed, connection.far.isClosed else { return }
        fabric.connections.removeAll { $0 === connection }
    }
}
