// SPDX-License-Identifier: Apache-2.0
import Effects
import Vocabulary

/// What a mesh knows of one peer, over all its connections.
struct PeerRecord: Sendable {
    /// Where it is dialled first, when it is in the list.
    var address: Endpoint?
    /// Whether a task keeps it connected.
    var isKept = false
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
    var handlers: MeshHandlers?
    var peers: [PublicKey: PeerRecord] = [:]
    /// Keys that are no guests although no address of theirs is known.
    var members: Set<PublicKey> = []
    /// The connections that count, in key order, for broadcasts.
    var connected: [PeerConnection] = []
    /// Streams whose introductions are under way, so that a stop can end them.
    var greetings: [ObjectIdentifier: MeshStream] = [:]
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
        forgetIfStrange(key)
        return lost
    }

    /// Notes that no task keeps a peer connected any more.
    mutating func letGo(_ key: PublicKey) {
        peers[key]?.isKept = false
        forgetIfStrange(key)
    }

    // What strangers that are gone had carried is kept together.
    private mutating func forgetIfStrange(_ key: PublicKey) {
        guard let record = peers[key], !isListed(key), !record.isKept, record.connection == nil
        else { return }
        departed.add(record.traffic)
        peers[key] = nil
    }

    /// Whether a peer is one this node wants to be connected with: in the list, or a member.
    func isListed(_ key: PublicKey) -> Bool {
        peers[key]?.address != nil || members.contains(key)
    }

    /// The wanted peers that no task keeps connected yet, in key order; from now on one does.
    mutating func takeUnkept(besides own: PublicKey) -> [PublicKey] {
        guard phase == .running else { return [] }
        let wanted = peers.filter { $0.value.address != nil }.map(\.key) + members
        let unkept = Set(wanted).filter { $0 != own && peers[$0]?.isKept != true }.sorted()
        for key in unkept { peers[key, default: PeerRecord()].isKept = true }
        return unkept
    }

    private func checkGuest(
        _ info: PeerInfo, _ configuration: MeshConfiguration
    ) throws(DisconnectReason) {
        guard info.isGuest else { return }
        guard configuration.allowGuests else { throw .guestsNotAllowed }
        guard guests < configuration.guestsMax else { throw .tooManyGuests }
    }
}
