// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The connected peers and what they may still send in vain or ask for (LANES-15).
struct LanePeers {
    private struct Allowance {
        var faults = 0
        var answers = 0
    }

    private var allowances: [PublicKey: Allowance] = [:]

    /// The connected peers in the order of their keys.
    private(set) var keys: [PublicKey] = []

    func contains(_ key: PublicKey) -> Bool { allowances[key] != nil }

    /// Adds a peer; false when it is known or there is no room.
    mutating func connect(_ key: PublicKey) -> Bool {
        guard allowances[key] == nil, keys.count < LaneLimits.peersMax else { return false }
        allowances[key] = Allowance()
        keys = allowances.keys.sorted()
        return true
    }

    mutating func disconnect(_ key: PublicKey) {
        guard allowances.removeValue(forKey: key) != nil else { return }
        keys = allowances.keys.sorted()
    }

    /// Whether the peer has not used up what it may send in vain.
    func isHeard(_ key: PublicKey) -> Bool {
        guard let allowance = allowances[key] else { return false }
        return allowance.faults < LaneLimits.faultsPerLookMax
    }

    mutating func countFault(_ key: PublicKey) { allowances[key]?.faults += 1 }

    /// Counts one answer to a request; false when the peer has had its share.
    mutating func mayAnswer(_ key: PublicKey) -> Bool {
        guard let allowance = allowances[key], allowance.answers < LaneLimits.answersPerLookMax
        else { return false }
        allowances[key]?.answers += 1
        return true
    }

    /// Gives every peer a new share.
    mutating func renew() {
        for key in keys { allowances[key] = Allowance() }
    }
}
