// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The keys of the key-value store (specs/state.md STATE-10): a first byte names the kind.
enum StoreLayout {
    /// The one record that says at which height the store stands.
    static let position: [UInt8] = [0]
    /// State: 1, then the module byte and the module's key.
    static let state: UInt8 = 1
    /// The outcomes of a block: 2, then its height, big-endian.
    static let outcomes: UInt8 = 2
    /// The events of a block: 3, then its height, big-endian.
    static let events: UInt8 = 3
    /// Postings: 4, then the run's number, big-endian; alone its head, else a chunk's last posting.
    static let postings: UInt8 = 4

    static func state(_ module: ModuleID, _ key: [UInt8]) -> [UInt8] {
        var full: [UInt8] = []
        full.reserveCapacity(key.count + 2)
        full.append(state)
        full.append(module.value)
        full.append(contentsOf: key)
        return full
    }

    static func outcomes(at height: BlockHeight) -> [UInt8] {
        [outcomes] + bigEndian(height.value)
    }

    static func events(at height: BlockHeight) -> [UInt8] { [events] + bigEndian(height.value) }

    static func postings(_ run: UInt64) -> [UInt8] { [postings] + bigEndian(run) }

    private static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}

/// At which height the stored state stands, and what its tree's root must be.
struct StorePosition: Hashable, Sendable, CanonicalCodable {
    let version: UInt16
    let chain: ChainID
    let height: BlockHeight
    let time: Timestamp
    let root: Digest

    /// The layout this code reads and writes.
    static let versionNow: UInt16 = 2

    init(chain: ChainID, height: BlockHeight, time: Timestamp, root: Digest) {
        version = Self.versionNow
        self.chain = chain
        self.height = height
        self.time = time
        self.root = root
    }

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(version)
        encoder.write(chain)
        encoder.write(height)
        encoder.write(time)
        encoder.write(root)
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        version = try decoder.read()
        chain = try decoder.read()
        height = try decoder.read()
        time = try decoder.read()
        root = try decoder.read()
    }
}
