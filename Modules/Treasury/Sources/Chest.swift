// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// Where this module's money lies: every amount is in exactly one chest, of one asset
/// (TREASURY-20).
public struct Chest: Hashable, Sendable {
    /// Whose money it is.
    public enum Holder: Hashable, Sendable {
        /// A pool's.
        case pool(UInt64)
        /// A grant's that has not been claimed.
        case grant(UInt64)
        /// An airdrop's that has not been claimed.
        case airdrop(UInt64)
        /// An auction's goods.
        case goods(UInt64)
        /// What bidders of an auction paid in.
        case bids(UInt64)
    }

    /// Whose.
    public let holder: Holder
    /// Of which asset.
    public let asset: AssetID

    /// Names a chest.
    public init(_ holder: Holder, _ asset: AssetID) {
        self.holder = holder
        self.asset = asset
    }

    /// The chest's name among this module's escrows: the hash of a tag, kind, number and asset.
    public var id: Bytes32 {
        let (kind, number): (UInt32, UInt64) =
            switch holder {
            case .pool(let number): (0, number)
            case .grant(let number): (1, number)
            case .airdrop(let number): (2, number)
            case .goods(let number): (3, number)
            case .bids(let number): (4, number)
            }
        var encoder = CanonicalEncoder(capacity: 48)
        encoder.writeFixed(Array("atoll/treasury-chest/1".utf8) + [0])
        encoder.writeTag(kind)
        encoder.write(number)
        encoder.write(asset)
        return SHA256.hash(encoder.bytes).raw
    }
}
