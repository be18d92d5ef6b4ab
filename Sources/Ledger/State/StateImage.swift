// SPDX-License-Identifier: Apache-2.0
public import Effects
public import Vocabulary

/// How a store of executed state looks from outside: what state sync reads of one and writes into
/// another (STATE-10).
public enum StateImage {
    /// What the stored keys of the state begin with; the state key follows.
    public static let statePrefix: [UInt8] = [StoreLayout.state]

    /// At which height a store stands.
    public struct Position: Hashable, Sendable {
        /// The chain.
        public let chain: ChainID
        /// The last executed block.
        public let height: BlockHeight
        /// That block's time.
        public let time: Timestamp
        /// The root of the state.
        public let root: Digest

        /// States a position.
        public init(chain: ChainID, height: BlockHeight, time: Timestamp, root: Digest) {
            self.chain = chain
            self.height = height
            self.time = time
            self.root = root
        }
    }

    /// Where a store stood when a snapshot of it was taken; nothing in an empty one.
    ///
    /// - Throws: What reading throws; ``DiskFailure/damaged(path:reason:)`` for a record that does
    ///   not read.
    public static func position(
        in snapshot: any StoreSnapshot
    ) async throws(DiskFailure) -> Position? {
        guard let bytes = try await snapshot.get(StoreLayout.position) else { return nil }
        guard let found = try? StorePosition(canonicalBytes: bytes) else {
            throw .damaged(path: "state", reason: "its position does not read")
        }
        return Position(
            chain: found.chain, height: found.height, time: found.time, root: found.root)
    }

    /// The record that makes a store with the state of a height one that a ledger opens.
    public static func record(of position: Position) -> (key: [UInt8], value: [UInt8]) {
        let record = StorePosition(
            chain: position.chain, height: position.height, time: position.time,
            root: position.root)
        return (StoreLayout.position, record.canonicalBytes)
    }
}
