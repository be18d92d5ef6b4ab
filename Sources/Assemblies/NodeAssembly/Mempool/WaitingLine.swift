// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// One sender's waiting transactions by nonce.
///
/// Cost: every change looks at all of them; there are at most ``Mempool/perSenderMax``.
struct WaitingLine {
    private struct Place {
        let entry: CheckedTransaction
        /// In which round a client of this node sent it; nothing when a peer did.
        var ownSince: UInt64?
    }

    private var places: [UInt64: Place] = [:]
    /// The sender's next nonce in the executed state.
    var next: UInt64

    init(next: UInt64) { self.next = next }

    var count: Int { places.count }
    var isEmpty: Bool { places.isEmpty }

    /// Whether a transaction with this nonce waits.
    func holds(_ nonce: UInt64) -> Bool { places[nonce] != nil }

    subscript(nonce: UInt64) -> CheckedTransaction? { places[nonce]?.entry }

    /// The first nonce from ``next`` on that is missing.
    var pendingNonce: UInt64 {
        var nonce = next
        while places[nonce] != nil { nonce += 1 }
        return nonce
    }

    /// How many wait for an earlier nonce.
    var gapped: Int {
        let pending = pendingNonce
        return places.keys.count { $0 > pending }
    }

    /// What this node's own clients sent before a round, nonces ascending.
    func ownEntries(before round: UInt64) -> [SignedTransaction] {
        places.keys.sorted().compactMap { nonce in
            guard let place = places[nonce], let since = place.ownSince, since < round
            else { return nil }
            return place.entry.signed
        }
    }

    mutating func put(_ entry: CheckedTransaction, ownSince round: UInt64?) {
        places[entry.transaction.nonce] = Place(entry: entry, ownSince: round)
    }

    /// Notes that a client of this node sent the transaction with this nonce.
    mutating func own(_ nonce: UInt64, since round: UInt64) {
        guard places[nonce]?.ownSince == nil else { return }
        places[nonce]?.ownSince = round
    }

    /// Removes what the condition holds for and returns it.
    mutating func drop(
        where condition: (UInt64, CheckedTransaction) -> Bool
    ) -> [CheckedTransaction] {
        let dropped = places.keys.sorted().filter { nonce in
            places[nonce].map { condition(nonce, $0.entry) } ?? false
        }
        return dropped.compactMap { places.removeValue(forKey: $0)?.entry }
    }
}
