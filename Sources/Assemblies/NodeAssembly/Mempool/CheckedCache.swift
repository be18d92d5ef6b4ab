// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Vocabulary

/// Transactions that were checked once on their way to a block; bounded, the older half goes first
/// (NODE-13).
///
/// Named by transaction and signature together, so that a good check never vouches for another
/// signature over the same transaction. What failed its check is not kept: it costs its sender
/// nothing, so it may push out nothing.
struct CheckedCache {
    /// The most of one half.
    static let halfMax = 8_192
    /// The most canonical bytes of one half: 8 MiB, 8 full blocks.
    static let halfBytesMax = 8 << 20
    private var young: [Digest: CheckedTransaction] = [:]
    private var old: [Digest: CheckedTransaction] = [:]
    private var youngBytes = 0

    /// How many are kept.
    var count: Int { young.count + old.count }

    /// The name of a transaction with its signature.
    static func name(of signed: SignedTransaction) -> Digest {
        SHA256.hash(signed.hash.raw.bytes + signed.signature.bytes)
    }

    /// The checked form, when it was checked before.
    subscript(_ name: Digest) -> CheckedTransaction? { young[name] ?? old[name] }

    /// Keeps a checked transaction that was found in order.
    mutating func insert(_ checked: CheckedTransaction, as name: Digest) {
        guard checked.refusal == nil, young[name] == nil else { return }
        if young.count >= Self.halfMax || youngBytes + checked.byteCount > Self.halfBytesMax {
            old = young
            young.removeAll(keepingCapacity: true)
            youngBytes = 0
        }
        young[name] = checked
        youngBytes += checked.byteCount
    }
}
