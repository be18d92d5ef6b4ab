// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The keys of the key-value store (specs/state.md STATE-10): a first byte names the kind.
enum StoreLayout {
    /// The one record that says at which height the store stands.
    static let position: [UInt8] = [0]
    /// State: 1, then the module byte and the module's key.
    static let state: UInt8 = 1
    /// Outcomes by transaction: 2, then the transaction's hash.
    static let outcome: UInt8 = 2
    /// Transactions by place: 3, then height and index, big-endian, for forgetting old outcomes.
    static let place: UInt8 = 3

    static func state(_ module: ModuleID, _ key: [UInt8]) -> [UInt8] {
        [state, module.value] + key
    }

    static func outcome(_ hash: Digest) -> [UInt8] { [outcome] + hash.raw.bytes }

    static func places(at height: BlockHeight) -> [UInt8] { [place] + bigEndian(height.value) }

    static func place(at height: BlockHeight, index: UInt32) -> [UInt8] {
        places(at: height) + bigEndian(index)
    }

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
    static let versionNow: UInt16 = 1

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
