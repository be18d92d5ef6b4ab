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
    /// The key that the block was proposed with; nothing where nobody proposed it.
    public let proposerKey: PublicKey?
    /// Where the lanes stand after the block; nothing when it moves none (LEDGER-19).
    public let lanes: LanePosition?

    /// Describes a block.
    public init(
        chain: ChainID, height: BlockHeight, time: Timestamp, proposer: AccountID,
        proposerKey: PublicKey? = nil, lanes: LanePosition? = nil
    ) {
        self.chain = chain
        self.height = height
        self.time = time
        self.proposer = proposer
        self.proposerKey = proposerKey
        self.lanes = lanes
    }
}

/// The state before anything was written: the base of genesis, and of a room's own tests.
public struct EmptyState: StateReader, Sendable {
    /// Creates it.
    public init() {}
    /// Nothing.
    public func value(_ module: ModuleID, _ key: [UInt8]) -> [UInt8]? { nil }
    /// Nothing.
    public func scan(
        _ module: ModuleID, prefix: [UInt8], after: [UInt8]?, limit: Int
    ) -> [(key: [UInt8], value: [UInt8])] { [] }
}

/// One key as a block changes it.
public struct StateChange: Hashable, Sendable {
    /// Whose key.
    public let module: ModuleID
    /// The key, without the module byte.
    public let key: [UInt8]
    /// The value before the block, if any.
    public let before: [UInt8]?
    /// The value now, if any.
    public let after: [UInt8]?
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

    /// The most bytes of a key: 256, so that with two bytes before it fits every ordered store.
    public static let keyBytesMax = 256
    /// The most bytes of a value: 64 KiB, what one transaction may carry.
    public static let valueBytesMax = 65_536

    private let base: any StateReader
    // By module number.
    private var overlays = [OrderedOverlay?](repeating: nil, count: 256)
    private var journal: [(module: UInt8, key: [UInt8], previous: [UInt8]??)] = []

    /// Starts a block over finished state.
    public init(block: BlockContext, base: any StateReader) {
        self.block = block
        self.base = base
    }

    /// The value under a module's key, as changed so far. Cost: one hash, or one read beneath.
    public func value(_ module: ModuleID, _ key: [UInt8]) -> [UInt8]? {
        if let changed = overlays[Int(module.value)]?[key] { return changed }
        return base.value(module, key)
    }

    /// Sets or, with nil, removes the value under a module's key.
    public func set(_ module: ModuleID, _ key: [UInt8], _ value: [UInt8]?) {
        precondition(key.count <= Self.keyBytesMax, "a state key is longer than its limit")
        precondition((value?.count ?? 0) <= Self.valueBytesMax, "a value is above its limit")
        let overlay = overlay(of: module.value)
        journal.append((module.value, key, overlay[key]))
        overlay.set(key, .some(value))
    }

    private func overlay(of module: UInt8) -> OrderedOverlay {
        if let made = overlays[Int(module)] { return made }
        let made = OrderedOverlay()
        overlays[Int(module)] = made
        return made
    }

    /// Tells what happened.
    public func emit(_ event: Event) {
        events.append(event)
    }

    /// Pairs in key order, as changed so far. Cost: what it returns, and the removed keys passed.
    public func scan(
        _ module: ModuleID, prefix: [UInt8], after: [UInt8]?, limit: Int
    ) -> [(key: [UInt8], value: [UInt8])] {
        guard let overlay = overlays[Int(module.value)] else {
            return base.scan(module, prefix: prefix, after: after, limit: limit)
        }
        return overlay.scan(prefix: prefix, after: after, limit: limit) { [base] after, limit in
            base.scan(module, prefix: prefix, after: after, limit: limit)
        }
    }

    /// Runs `body`; when it refuses, every change and event since its start is undone.
    ///
    /// - Throws: What `body` throws.
    public func atomically<Result>(
        _ body: () throws(Refusal) -> Result
    ) throws(Refusal) -> Result {
        let start = checkpoint()
        do {
            return try body()
        } catch {
            rollback(to: start)
            throw error
        }
    }

    /// Runs `body` and tells which keys of a module it wrote below a prefix, ascending, each with
    /// its value before; what it undid itself is not told.
    ///
    /// Cost: what `body` wrote.
    ///
    /// - Throws: What `body` throws.
    public func writes(
        to module: ModuleID, below prefix: [UInt8], during body: () throws(Refusal) -> Void
    ) throws(Refusal) -> [(key: [UInt8], before: [UInt8]?)] {
        let start = journal.count
        try body()
        var before: [[UInt8]: [UInt8]?] = [:]
        for entry in journal[min(start, journal.count)...]
        where entry.module == module.value && entry.key.starts(with: prefix) {
            guard before[entry.key] == nil else { continue }
            before[entry.key] = .some(entry.previous ?? base.value(module, entry.key))
        }
        return before.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map { ($0.key, $0.value) }
    }

    /// What this block has changed of a module so far, in key order; unchanged values are left out.
    public func changes(of module: ModuleID) -> [StateChange] {
        guard let overlay = overlays[Int(module.value)] else { return [] }
        return overlay.changes().compactMap { entry in
            let before = base.value(module, entry.key)
            guard before != entry.value else { return nil }
            return StateChange(
                module: module, key: entry.key, before: before, after: entry.value)
        }
    }

    /// What this block has changed so far, in order of module and key.
    func changes() -> [StateChange] {
        (0...UInt8.max).flatMap { changes(of: ModuleID($0)) }
    }

    /// A point to return to.
    private func checkpoint() -> (journal: Int, events: Int) { (journal.count, events.count) }

    /// Undoes everything since a checkpoint.
    private func rollback(to point: (journal: Int, events: Int)) {
        while journal.count > point.journal, let last = journal.popLast() {
            overlay(of: last.module).set(last.key, last.previous)
        }
        events.removeLast(events.count - point.events)
    }
}
