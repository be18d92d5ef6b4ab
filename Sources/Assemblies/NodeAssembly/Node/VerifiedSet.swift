// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Hashes of transactions whose signatures were found good; bounded, oldest half dropped first.
struct VerifiedSet {
    /// The most hashes of one half: two halves of 32,768 × 32 bytes are 2 MiB.
    static let halfMax = 32_768
    private var young: Set<Digest> = []
    private var old: Set<Digest> = []

    /// Whether a signature over this transaction was found good.
    func contains(_ hash: Digest) -> Bool { young.contains(hash) || old.contains(hash) }

    /// Remembers a good one.
    mutating func insert(_ hash: Digest) {
        if young.count >= Self.halfMax {
            old = young
            young.removeAll(keepingCapacity: true)
        }
        young.insert(hash)
    }
}
