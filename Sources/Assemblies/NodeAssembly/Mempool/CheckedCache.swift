// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Vocabulary

/// Transactions that were checked once on their way to a block; bounded, the older half goes first.
///
/// Named by transaction and signature together, so that a good check never vouches for another
/// signature over the same transaction.
struct CheckedCache {
    /// The most of one half: two halves of 8,192 transactions of about 1 KiB are 16 MiB.
    static let halfMax = 8_192
    private var young: [Digest: CheckedTransaction] = [:]
    private var old: [Digest: CheckedTransaction] = [:]

    /// The name of a transaction with its signature.
    static func name(of signed: SignedTransaction) -> Digest {
        SHA256.hash(signed.hash.raw.bytes + signed.signature.bytes)
    }

    /// The checked form, when it was checked before.
    subscript(_ name: Digest) -> CheckedTransaction? { young[name] ?? old[name] }

    /// Keeps a checked transaction.
    mutating func insert(_ checked: CheckedTransaction, as name: Digest) {
        if young.count >= Self.halfMax {
            old = young
            young.removeAll(keepingCapacity: true)
        }
        young[name] = checked
    }
}
