// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// What is known of the peers while joining: who lied, who rests.
actor PeerBook {
    /// After so many requests in a row without an answer a peer rests.
    static let silencesMax = 3
    /// How long a peer rests, in milliseconds.
    static let restMilliseconds: UInt64 = 15_000

    private let peers: any SyncPeers
    private let log: NodeLog
    private var banned: [PublicKey: SyncFault] = [:]
    private var silences: [PublicKey: Int] = [:]

    init(peers: any SyncPeers, log: NodeLog) {
        self.peers = peers
        self.log = log
    }

    /// Those who have not lied.
    func honest() async -> [PublicKey] {
        await peers.everyone().filter { banned[$0] == nil }
    }

    /// Asks a peer and counts its silences.
    func ask(_ request: SyncRequest, of peer: PublicKey) async -> SyncReply {
        guard banned[peer] == nil else { return .silent }
        let reply = await peers.ask(request, of: peer)
        silences[peer] = reply == .silent ? silences[peer, default: 0] + 1 : 0
        return reply
    }

    /// Whether a peer has not answered for long; it starts anew after its rest.
    func takeRest(_ peer: PublicKey) -> Bool {
        guard silences[peer, default: 0] >= Self.silencesMax else { return false }
        silences[peer] = 0
        return true
    }

    /// Asks a peer no more.
    func ban(_ peer: PublicKey, _ fault: SyncFault) {
        guard banned.updateValue(fault, forKey: peer) == nil else { return }
        log(.warning, "\(peer) is not asked for state any more: \(fault)")
    }

    /// Whether a peer was banned.
    func isBanned(_ peer: PublicKey) -> Bool { banned[peer] != nil }

    /// Who was banned and why.
    var bans: [(peer: PublicKey, fault: SyncFault)] {
        banned.keys.sorted().compactMap { key in banned[key].map { (key, $0) } }
    }
}
