// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Reads state: during a block, or of a finished one for queries.
public protocol StateReader {
    /// The value under a module's key.
    func value(_ module: ModuleID, _ key: [UInt8]) -> [UInt8]?
    /// Up to `limit` pairs in key order whose keys start with `prefix` and come after `after`.
    /// Keys are without the module byte.
    func scan(
        _ module: ModuleID, prefix: [UInt8], after: [UInt8]?, limit: Int
    ) -> [(key: [UInt8], value: [UInt8])]
}

/// What every message of one block sees of its block.
public struct BlockContext: Hashable, Sendable {
    /// The chain.
    public let chain: ChainID
    /// The block's height.
    public let height: BlockHeight
    /// The block's time, never before its parent's.
    public let time: Timestamp
    /// The account of the validator that proposed it.
    public let proposer: AccountID

    /// Describes a block.
    public init(chain: ChainID, height: BlockHeight, time: Timestamp, proposer: AccountID) {
        self.chain = chain
        self.height = height
        self.time = time
        self.proposer = proposer
    }
}

/// The state as one block changes it: reads through, writes into an overlay, undoes on refusal.
///
/// Used by one thread at a time; it never leaves the execution of its block.
public final class ExecutionContext: StateReader {
    /// The block being executed.
    public let block: BlockContext

    /// The hash of the transaction being executed; zero outside one.
    public internal(set) var transaction: Digest = .zero

    /// What happened so far, in order.
    public private(set) var events: [Event] = []

    private let base: any StateReader
    private var overlay: [[UInt8]: [UInt8]?] = [:]
    private var journal: [(key: [UInt8], previous: [UInt8]??)] = []

    /// Starts a block over finished state.
    public init(block: BlockContext, base: any StateReader) {
        self.block = block
        self.base = base
    }

    /// The value under a module's key, as changed so far.
    public func value(_ module: ModuleID, _ key: [UInt8]) -> [UInt8]? {
        if let changed = overlay[[module.value] + key] { return changed }
        return base.value(module, key)
    }

    /// Sets or, with nil, removes the value under a module's key.
    public func set(_ module: ModuleID, _ key: [UInt8], _ value: [UInt8]?) {
        let full = [module.value] + key
        journal.append((full, overlay[full]))
        overlay[full] = .some(value)
    }

    /// Tells what happened.
    public func emit(_ event: Event) {
        events.append(event)
    }

    /// Pairs in key order, as changed so far.
    public func scan(
        _ module: ModuleID, prefix: [UInt8], after: [UInt8]?, limit: Int
    ) -> [(key: [UInt8], value: [UInt8])] {
        let fullPrefix = [module.value] + prefix
        let changes = overlay.filter { $0.key.starts(with: fullPrefix) }
            .map { (key: Array($0.key.dropFirst()), value: $0.value) }
            .filter { change in after.map { $0.lexicographicallyPrecedes(change.key) } ?? true }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        return merge(
            base: base.scan(module, prefix: prefix, after: after, limit: limit + changes.count),
            changes: changes, limit: limit)
    }

    /// A point to return to.
    func checkpoint() -> (journal: Int, events: Int) { (journal.count, events.count) }

    /// Undoes everything since a checkpoint.
    func rollback(to point: (journal: Int, events: Int)) {
        while journal.count > point.journal, let last = journal.popLast() {
            overlay[last.key] = last.previous
        }
        events.removeLast(events.count - point.events)
    }

    /// Every change of the block in key order; a nil value removes the key.
    func changes() -> [(key: [UInt8], value: [UInt8]?)] {
        overlay.map { (key: $0.key, value: $0.value) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }

    private func merge(
        base pairs: [(key: [UInt8], value: [UInt8])],
        changes: [(key: [UInt8], value: [UInt8]?)], limit: Int
    ) -> [(key: [UInt8], value: [UInt8])] {
        var merged: [(key: [UInt8], value: [UInt8])] = []
        var pair = pairs.startIndex
        var change = changes.startIndex
        while merged.count < limit, pair < pairs.endIndex || change < changes.endIndex {
            let takesChange =
                change < changes.endIndex
                && (pair == pairs.endIndex
                    || !pairs[pair].key.lexicographicallyPrecedes(changes[change].key))
            if takesChange {
                if pair < pairs.endIndex, pairs[pair].key == changes[change].key { pair += 1 }
                if let value = changes[change].value {
                    merged.append((changes[change].key, value))
                }
                change += 1
            } else {
                merged.append(pairs[pair])
                pair += 1
            }
        }
        return merged
    }
}
