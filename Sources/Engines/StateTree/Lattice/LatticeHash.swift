// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// A hash of a set that changes with the set: the alarm by which nodes notice that their states
/// differ.
///
/// Each pair of key and value hash stands for a vector of 1,024 numbers of 16 bits, and the hash of
/// a set is the sum of its vectors. So it does not depend on order, a change costs two vectors
/// whatever the size of the state, and the hashes of parts add up to that of the whole. It proves
/// nothing about single keys: for that there is the tree.
///
/// To find two sets with the same hash is as hard as a short-vector problem in a lattice, about
/// 2^200 steps for these numbers. Source: Lewi, Kim, Maykov, Weis, "Securing Update Propagation
/// with Homomorphic Hashing" (2019), LtHash; specs/state.md STATE-20 to STATE-22.
public struct LatticeHash: Hashable, Sendable {
    /// The length of a vector.
    public static let laneCount = 1_024
    /// The bytes of a vector.
    public static let bytes = 2 * laneCount

    private var lanes = [UInt16](repeating: 0, count: laneCount)

    /// The hash of the empty set: zeros.
    public init() {}

    /// SHA-256 of the vector: what nodes compare.
    public var digest: Digest { SHA256.hash(canonicalBytes) }

    /// Adds a pair, which must not be in the set. Cost: 65 hashes.
    public mutating func add(key: Digest, valueHash: Digest) {
        fold(key: key, valueHash: valueHash, times: 1)
    }

    /// Takes a pair out, which must be in the set. Cost: 65 hashes.
    public mutating func remove(key: Digest, valueHash: Digest) {
        fold(key: key, valueHash: valueHash, times: .max)
    }

    /// Follows a change of the value of a key; nil stands for no value.
    public mutating func change(key: Digest, from before: Digest?, to after: Digest?) {
        guard before != after else { return }
        if let before { remove(key: key, valueHash: before) }
        if let after { add(key: key, valueHash: after) }
    }

    /// Adds all pairs of another set, none of which may be in this one.
    public mutating func add(_ other: LatticeHash) {
        for lane in 0..<Self.laneCount { lanes[lane] &+= other.lanes[lane] }
    }

    /// Takes out all pairs of another set, all of which must be in this one.
    public mutating func remove(_ other: LatticeHash) {
        for lane in 0..<Self.laneCount { lanes[lane] &-= other.lanes[lane] }
    }

    /// Adds a pair's vector so many times, modulo 2^16.
    private mutating func fold(key: Digest, valueHash: Digest, times: UInt16) {
        lanes.withUnsafeMutableBufferPointer { lanes in
            LatticeVector.withNumbers(key: key, valueHash: valueHash) { numbers in
                for lane in 0..<Self.laneCount {
                    lanes[lane] &+= times &* UInt16(littleEndian: numbers[lane])
                }
            }
        }
    }
}

extension LatticeHash: CanonicalCodable {
    /// Appends the numbers, little-endian.
    public func encode(to encoder: inout CanonicalEncoder) {
        for lane in lanes { encoder.write(lane) }
    }

    /// Reads 2,048 bytes.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        for lane in 0..<Self.laneCount { lanes[lane] = try decoder.read(UInt16.self) }
    }
}

extension LatticeHash {
    /// The hash of all pairs of a tree, from scratch. Cost: 65 hashes a key.
    public init(of tree: SparseMerkleTree) {
        self.init()
        tree.forEachLeaf { add(key: $0.key, valueHash: $0.valueHash) }
    }
}
