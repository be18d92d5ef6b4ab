// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// What a validator promises about its own words, kept apart from the log of them (RECOVERY-7):
/// it has spoken in no slot above ``ceiling``.
///
/// When the log of its words is lost, this bounds the slots in which it may have spoken.
public struct VotingPromise: Hashable, Sendable {
    /// The first eight bytes of the file.
    static let mark = Array("ATOLLVP1".utf8)
    /// The most bytes of a file: mark, chain, key, four slots, checksum.
    public static let fileBytesMax = 8 + 32 + 32 + 4 * 8 + 8
    private static let checksumBytes = 8

    /// The chain.
    public var chain: ChainID
    /// The validator's key.
    public var key: PublicKey
    /// It has voted and proposed in no slot above this one.
    public var ceiling: Slot
    /// It had certainly spoken in this slot when this was written; 0 when in none.
    public var spoken: Slot
    /// Records of slots up to here may have been dropped, for those slots were decided.
    public var forgotten: Slot
    /// It signs nothing in slots up to here, for it may have spoken there and not know it.
    public var silentThrough: Slot

    /// The promise of a validator that has never spoken.
    public init(chain: ChainID, key: PublicKey) {
        self.chain = chain
        self.key = key
        ceiling = Slot(0)
        spoken = Slot(0)
        forgotten = Slot(0)
        silentThrough = Slot(0)
    }

    /// Where the promise of the node with this folder lies: beside it, so that who removes the
    /// folder does not remove the promise.
    public static func path(besides folder: String) -> String { "\(folder).promise" }

    /// The file's bytes.
    public var bytes: [UInt8] {
        var encoder = CanonicalEncoder(capacity: Self.fileBytesMax)
        encoder.writeFixed(Self.mark)
        encoder.write(chain)
        encoder.write(key)
        for slot in [ceiling, spoken, forgotten, silentThrough] { encoder.write(slot) }
        return encoder.bytes + Self.checksum(of: encoder.bytes)
    }

    /// Reads a file; nothing when it is damaged.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.fileBytesMax, bytes.starts(with: Self.mark) else { return nil }
        let body = Array(bytes.dropLast(Self.checksumBytes))
        guard Self.checksum(of: body) == Array(bytes.suffix(Self.checksumBytes)) else {
            return nil
        }
        var decoder = CanonicalDecoder(Array(body.dropFirst(Self.mark.count)))
        do {
            chain = try decoder.read()
            key = try decoder.read()
            ceiling = try decoder.read()
            spoken = try decoder.read()
            forgotten = try decoder.read()
            silentThrough = try decoder.read()
            try decoder.finish()
        } catch {
            return nil
        }
    }

    private static func checksum(of bytes: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(bytes).raw.bytes.prefix(checksumBytes))
    }
}
