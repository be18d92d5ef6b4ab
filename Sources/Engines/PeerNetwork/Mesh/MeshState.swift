// SPDX-License-Identifier: Apache-2.0
import Effects
import Vocabulary

/// What a mesh knows of one peer, over all its connections.
struct PeerRecord: Sendable {
    /// Where it is dialled, when it is in the list.
    var address: Endpoint?
    /// The connection that counts.
    var connection: PeerConnection?
    /// Whether a dial or its handshake is under way.
    var isDialing = false
    /// What ended connections carried.
    var traffic = TrafficCounters()
    /// How often it connected.
    var connections: UInt64 = 0
    /// Why the last connection or attempt ended.
    var lastReason: DisconnectReason?
    /// Wakes the dialler when a connection has ended.
    let lost = Signal()
}

/// Everything a mesh remembers, as one value behind one lock.
struct MeshState: Sendable {
    /// Where the mesh is in its life.
    enum Phase: Sendable {
        case idle
        case running
        case stopped
    }

    var phase = Phase.idle
    var peers: [PublicKey: PeerRecord] = [:]
    /// Keys that are no guests although no address of theirs is known.
    var members: Set<PublicKey> = []
    /// The connections that count, in key order, for broadcasts.
    var connected: [PeerConnection] = []
    var listener: (any Listener)?
    /// Streams whose handshake is under way, both ways, so that a stop can end it.
    var greetings: [UInt64: any ByteStream] = [:]
    private var greetingsBegun: UInt64 = 0
    var pendingHandshakes = 0
    var pendingByHost: [String: Int] = [:]
    var connectionsByHost: [String: Int] = [:]
    var handshakesShed: UInt64 = 0
    var ends = [UInt64](repeating: 0, count: DisconnectReason.codeCount)
    /// What guests that have left had carried.
    var departed = TrafficCounters()
    var guests: Int { connected.count { $0.info.isGuest } }

    /// Decides on a connection whose handshake is done, and counts it in when it may stay.
    ///
    /// - Returns: The connection whose place it takes, if any.
    mutating func admit(
        _ newcomer: PeerConnection, _ configuration: MeshConfiguration
    ) throws(DisconnectReason) -> PeerConnection? {
        guard phase == .running else { throw .stopping }
        let key = newcomer.info.publicKey
        let existing = peers[key]?.connection
        let decision = Admission.decide(
            existing: existing?.candidate, newcomer: newcomer.candidate,
            settledMilliseconds: configuration.simultaneousMilliseconds)
        switch decision {
        case .refuse: throw .duplicate
        case .admit: try checkGuest(newcomer.info, configuration)
        case .replace: break
        }
        if existing != nil { connected.removeAll { $0.info.publicKey == key } }
        peers[key, default: PeerRecord()].connection = newcomer
        peers[key, default: PeerRecord()].connections += 1
        let place = connected.firstIndex { $0.info.publicKey > key } ?? connected.count
        connected.insert(newcomer, at: place)
        return existing
    }

    /// Forgets an ended connection and keeps what it carried.
    ///
    /// - Returns: What wakes the peer's dialler.
    mutating func depart(_ connection: PeerConnection, _ reason: DisconnectReason) -> Signal? {
        let key = connection.info.publicKey
        ends[Int(reason.code)] += 1
        let traffic = connection.state.withLock { $0.traffic }
        if peers[key]?.connection === connection {
            peers[key]?.connection = nil
            connected.removeAll { $0 === connection }
        }
        peers[key]?.traffic.add(traffic)
        peers[key]?.lastReason = reason
        let lost = peers[key]?.lost
        if let record = peers[key], record.address == nil, record.connection == nil {
            departed.add(record.traffic)
            peers[key] = nil
        }
        return lost
    }

    /// Remembers a stream whose handshake begins; nothing when the mesh does not run.
    mutating func greet(_ stream: any ByteStream) -> UInt64? {
        guard phase == .running else { return nil }
        greetingsBegun += 1
        greetings[greetingsBegun] = stream
        return greetingsBegun
    }

    /// Counts an inbound stream in, unless too many are under way.
    mutating func beginHandshake(_ host: String, _ configuration: MeshConfiguration) -> Bool {
        guard phase == .running, pendingHandshakes < configuration.pendingHandshakesMax,
            pendingByHost[host, default: 0] < configuration.pendingHandshakesPerAddressMax
        else {
            handshakesShed += 1
            return false
        }
        guard connectionsByHost[host, default: 0] < configuration.connectionsPerAddressMax else {
            ends[Int(DisconnectReason.tooManyFromAddress.code)] += 1
            return false
        }
        pendingHandshakes += 1
        pendingByHost[host, default: 0] += 1
        connectionsByHost[host, default: 0] += 1
        return true
    }

    /// Counts an inbound handshake out; its stream still counts for its host.
    mutating func endHandshake(_ host: String) {
        pendingHandshakes -= 1
        pendingByHost.decrement(host)
    }

    /// Forgets an inbound stream whose handshake is over.
    mutating func endGreeting(_ id: UInt64, _ host: String) {
        greetings[id] = nil
        endHandshake(host)
    }

    /// Counts an inbound stream out.
    mutating func endStream(_ host: String) {
        connectionsByHost.decrement(host)
    }

    private func checkGuest(
        _ info: PeerInfo, _ configuration: MeshConfiguration
    ) throws(DisconnectReason) {
        guard info.isGuest else { return }
        guard configuration.allowGuests else { throw .guestsNotAllowed }
        guard guests < configuration.guestsMax else { throw .tooManyGuests }
    }
}

extension [String: Int] {
    /// Lowers a count and forgets it at zero.
    fileprivate mutating func decrement(_ key: String) {
        let count = self[key, default: 1] - 1
        self[key] = count > 0 ? count : nil
    }
}
