// SPDX-License-Identifier: Apache-2.0

/// Where others say they see this node, by how many of them agree.
///
/// Memory: one address a peer, ``peersMax`` peers.
public struct ObservedAddresses: Sendable {
    /// The most peers whose word is kept.
    public static let peersMax = 256
    /// How many peers must agree before an address counts.
    public static let agreementMin = 4

    private var words: [PeerID: Multiaddr] = [:]
    private var order: [PeerID] = []

    /// Nobody has said anything.
    public init() {}

    /// Notes what one peer says last.
    public mutating func note(_ address: Multiaddr, by peer: PeerID) {
        if words.updateValue(address, forKey: peer) == nil { order.append(peer) }
        if order.count > Self.peersMax { words[order.removeFirst()] = nil }
    }

    /// The addresses that enough peers agree on, the most agreed on first.
    public var agreed: [Multiaddr] { said(byAtLeast: Self.agreementMin) }

    /// The addresses that so many peers agree on, the most agreed on first.
    func said(byAtLeast peersMin: Int) -> [Multiaddr] {
        var counts: [Multiaddr: Int] = [:]
        for address in words.values { counts[address, default: 0] += 1 }
        return counts.filter { $0.value >= peersMin }
            .sorted { ($1.value, $0.key.description) < ($0.value, $1.key.description) }
            .map(\.key)
    }
}
