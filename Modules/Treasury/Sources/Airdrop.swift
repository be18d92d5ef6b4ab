// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// Money that those on a list may claim; the list is known by its root alone (TREASURY-8).
public struct Airdrop: Hashable, Sendable, CanonicalCodable {
    /// Where what nobody claims goes back to.
    public let source: Source
    /// Who began it.
    public let owner: AccountID
    /// Of which asset.
    public let asset: AssetID
    /// The root over the list.
    public let root: Digest
    /// How many leaves the list has.
    public let leaves: UInt64
    /// From when on it can be claimed.
    public let opens: Timestamp
    /// From when on it cannot.
    public let expires: Timestamp
    /// What lies in its chest.
    public internal(set) var held: Amount

    init(_ order: CreateAirdrop, owner: AccountID) {
        source = order.source
        self.owner = owner
        asset = order.asset
        root = order.root
        leaves = order.leaves
        opens = order.opens
        expires = order.expires
        held = order.amount
    }

    /// The most levels of a list: 2^32 accounts.
    public static let levelsMax = 32

    /// The leaf of a place, an account and an amount, under a tag of its own.
    public static func leaf(_ place: UInt64, _ account: AccountID, _ amount: Amount) -> Digest {
        var encoder = CanonicalEncoder(capacity: 64)
        encoder.writeFixed([0])
        encoder.write(place)
        encoder.write(account)
        encoder.write(amount)
        return SHA256.hash(encoder.bytes)
    }

    private static func node(_ left: Digest, _ right: Digest) -> Digest {
        SHA256.hash([1] + left.raw.bytes + right.raw.bytes)
    }

    /// The root over leaves in order; a last one without a partner goes up as it is.
    public static func root(of leaves: [Digest]) -> Digest {
        var level = leaves
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map { index in
                index + 1 < level.count ? node(level[index], level[index + 1]) : level[index]
            }
        }
        return level.first ?? .zero
    }

    /// The siblings of a place, from the leaf up.
    public static func proof(of place: Int, in leaves: [Digest]) -> [Digest] {
        var level = leaves
        var index = place
        var proof: [Digest] = []
        while level.count > 1 {
            let sibling = index ^ 1
            if sibling < level.count { proof.append(level[sibling]) }
            level = stride(from: 0, to: level.count, by: 2).map { index in
                index + 1 < level.count ? node(level[index], level[index + 1]) : level[index]
            }
            index /= 2
        }
        return proof
    }

    /// Whether a leaf stands at a place of the list.
    func contains(_ leaf: Digest, at place: UInt64, by proof: [Digest]) -> Bool {
        guard place < leaves else { return false }
        var (hash, index, width) = (leaf, place, leaves)
        var siblings = proof.makeIterator()
        while width > 1 {
            if index ^ 1 < width {
                guard let sibling = siblings.next() else { return false }
                hash =
                    index & 1 == 0 ? Self.node(hash, sibling) : Self.node(sibling, hash)
            }
            index /= 2
            width = width / 2 + width % 2
        }
        return siblings.next() == nil && hash == root
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(source)
        encoder.write(owner)
        encoder.write(asset)
        encoder.write(root)
        encoder.write(leaves)
        encoder.write(opens)
        encoder.write(expires)
        encoder.write(held)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        source = try decoder.read()
        owner = try decoder.read()
        asset = try decoder.read()
        root = try decoder.read()
        leaves = try decoder.read()
        opens = try decoder.read()
        expires = try decoder.read()
        held = try decoder.read()
    }
}
