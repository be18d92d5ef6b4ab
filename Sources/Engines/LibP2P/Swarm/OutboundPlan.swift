// SPDX-License-Identifier: Apache-2.0

/// Which peers to dial next, so that this node has enough connections of its own choice, from many
/// subnets, and leaves alone those that did not answer; a value.
///
/// What others dial is theirs to choose; what this node dials is not. Keeping the latter diverse is
/// what stands against being surrounded by one owner's peers. Source: LIBP-22.
public struct OutboundPlan: Sendable {
    /// How many connections of its own choice a node keeps, and how it waits for peers.
    public struct Rules: Sendable {
        /// How many peers this node has dialled should be connected.
        public var wanted = 16
        /// How many of them may be from one public subnet.
        public var perSubnetMax = 2
        /// How long a peer that did not answer is left alone at first, in milliseconds.
        public var backoffMilliseconds: UInt64 = 5_000
        /// How long at most: it doubles with each failure.
        public var backoffMillisecondsMax: UInt64 = 3_600_000
        /// How many peers are dialled at once.
        public var dialsMax = 4

        /// The usual rules.
        public init() {}
    }

    /// What is known of one peer.
    public struct Candidate: Sendable {
        /// Its name.
        public let peer: PeerID
        /// An address of it.
        public let ip: [UInt8]?

        /// Describes a peer.
        public init(peer: PeerID, ip: [UInt8]?) {
            self.peer = peer
            self.ip = ip
        }
    }

    private struct Failures {
        var count: UInt64
        var until: UInt64
    }

    /// The most peers whose failures are remembered.
    private static let failuresMax = PeerBook.peersMax

    private let rules: Rules
    private var dice: SeededDice
    private var failures: [PeerID: Failures] = [:]

    /// - Parameter seed: What choices are drawn from; unknown to others.
    public init(_ rules: Rules, seed: UInt64) {
        self.rules = rules
        dice = SeededDice(seed)
    }

    /// The peers to dial now.
    ///
    /// - Parameters:
    ///   - outbound: Those this node has dialled and that are connected.
    ///   - known: Those that are known and not connected, in an order that is always the same.
    public mutating func choose(
        outbound: [Candidate], known: [Candidate], now: UInt64
    ) -> [PeerID] {
        var held: [Subnet: Int] = [:]
        for candidate in outbound { Self.subnet(of: candidate).map { held[$0, default: 0] += 1 } }
        var chosen: [PeerID] = []
        let room = min(rules.dialsMax, rules.wanted - outbound.count)
        for candidate in dice.pick(known.count, of: known) where chosen.count < room {
            guard !isLeftAlone(candidate.peer, now: now) else { continue }
            if let subnet = Self.subnet(of: candidate) {
                guard held[subnet, default: 0] < rules.perSubnetMax else { continue }
                held[subnet, default: 0] += 1
            }
            chosen.append(candidate.peer)
        }
        return chosen
    }

    /// Whether a peer did not answer just now.
    func isLeftAlone(_ peer: PeerID, now: UInt64) -> Bool { (failures[peer]?.until ?? 0) > now }

    /// Notes that a peer did not answer: it is left alone twice as long as before.
    ///
    /// - Parameter waitingAtMost: The longest wait, where not that of the rules.
    public mutating func failed(
        _ peer: PeerID, now: UInt64, waitingAtMost: UInt64? = nil
    ) {
        let count = failures[peer].map { $0.count + 1 } ?? 0
        let most = waitingAtMost ?? rules.backoffMillisecondsMax
        let wait = min(rules.backoffMilliseconds << min(count, 20), most)
        failures[peer] = Failures(count: count, until: now + wait)
        if failures.count > Self.failuresMax {
            failures = failures.filter { $0.value.until > now }
        }
    }

    /// Notes that a peer answered.
    public mutating func succeeded(_ peer: PeerID) { failures[peer] = nil }

    private static func subnet(of candidate: Candidate) -> Subnet? {
        candidate.ip.flatMap { PublicAddress.isPublic($0) ? Subnet(of: $0) : nil }
    }
}
