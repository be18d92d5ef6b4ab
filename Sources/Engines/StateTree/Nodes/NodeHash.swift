// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// How nodes hash (STATE-2): a leaf and an inner node can never have the same preimage.
enum NodeHash {
    /// The first byte of what is hashed.
    enum Tag: UInt8 { case leaf, inner }

    /// SHA-256 of 0x00, the key, the value's hash.
    static func leaf(key: Digest, valueHash: Digest) -> Digest { joined(.leaf, key, valueHash) }

    /// SHA-256 of 0x01, the left hash, the right hash.
    static func inner(left: Digest, right: Digest) -> Digest { joined(.inner, left, right) }

    /// SHA-256 of the tag and 64 bytes, written to `output`.
    static func hash(_ tag: Tag, _ job: HashJob) {
        var hasher = SHA256()
        withUnsafeBytes(of: tag.rawValue) { hasher.update($0) }
        hasher.update(UnsafeRawBufferPointer(start: job.input, count: HashJob.inputBytes))
        job.output.storeBytes(of: RawDigest(hasher.finish()), as: RawDigest.self)
    }

    /// Makes many hashes that do not depend on each other.
    static func hash(_ tag: Tag, _ jobs: [HashJob]) {
        if HashLanes.isReady, jobs.count >= HashLanes.jobsMin {
            jobs.withUnsafeBufferPointer { HashLanes.hash(tag, $0) }
        } else {
            for job in jobs { hash(tag, job) }
        }
    }

    private static func joined(_ tag: Tag, _ first: Digest, _ second: Digest) -> Digest {
        var hasher = SHA256()
        withUnsafeBytes(of: tag.rawValue) { hasher.update($0) }
        hasher.update(first)
        hasher.update(second)
        return hasher.finish()
    }
}

/// One hash to make: of the 64 bytes at `input`, to the 32 bytes at `output`.
struct HashJob {
    static let inputBytes = 64

    let input: UnsafeRawPointer
    let output: UnsafeMutableRawPointer
}

extension SparseMerkleTree {
    /// The tree's key of a state key: its SHA-256, so that nobody chooses where a leaf lies.
    public static func path(of stateKey: [UInt8]) -> Digest { SHA256.hash(stateKey) }
}
