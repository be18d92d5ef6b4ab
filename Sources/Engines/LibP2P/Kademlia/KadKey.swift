// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// A place in the key space of the table: the SHA-256 of a key or a peer's name.
///
/// Source: libp2p kad-dht specification, "Distance"; LIBP-41.
public struct KadKey: Hashable, Sendable {
    /// The bits of a place.
    static let bitCount = 256

    /// The place.
    public let place: Bytes32

    /// The place of a key.
    public init(_ key: [UInt8]) { place = SHA256.hash(key).raw }

    /// The place of a peer.
    public init(_ peer: PeerID) { self.init(peer.bytes) }

    /// How far this is from another place: their exclusive or, as a number.
    func distance(to other: KadKey) -> Bytes32 {
        let mixed = zip(place.bytes, other.place.bytes).map { $0 ^ $1 }
        guard let distance = Bytes32(mixed) else {
            preconditionFailure("two times thirty-two bytes give thirty-two")
        }
        return distance
    }

    /// How many first bits this has in common with another place.
    func commonBits(with other: KadKey) -> Int {
        let distance = distance(to: other)
        return (0..<Self.bitCount).first { distance.bit($0) } ?? Self.bitCount
    }
}
