// SPDX-License-Identifier: Apache-2.0
public import Ledger

/// The finished state of all blocks so far.
public final class FinishedState: StateReader {
    private var modules: [UInt8: [[UInt8]: [UInt8]]] = [:]

    /// An empty state.
    public init() {}

    /// The value under a key.
    public func value(_ module: ModuleID, _ key: [UInt8]) -> [UInt8]? {
        modules[module.value]?[key]
    }

    /// Pairs in key order.
    public func scan(
        _ module: ModuleID, prefix: [UInt8], after: [UInt8]?, limit: Int
    ) -> [(key: [UInt8], value: [UInt8])] {
        let found = (modules[module.value] ?? [:]).filter { entry in
            entry.key.starts(with: prefix)
                && (after.map { $0.lexicographicallyPrecedes(entry.key) } ?? true)
        }
        return found.sorted { $0.key.lexicographicallyPrecedes($1.key) }.prefix(limit)
            .map { ($0.key, $0.value) }
    }

    /// Takes over what a block changed.
    public func apply(_ block: ExecutionContext) {
        for module in UInt8.min...UInt8.max {
            for change in block.changes(of: ModuleID(module)) {
                modules[module, default: [:]][change.key] = change.after
            }
        }
    }
}

/// What stands after a block, as the base of the next.
public struct StateAfter: StateReader {
    private let context: ExecutionContext

    /// The state that a block leaves.
    public init(_ context: ExecutionContext) { self.context = context }

    /// The value under a key.
    public func value(_ module: ModuleID, _ key: [UInt8]) -> [UInt8]? {
        context.value(module, key)
    }

    /// Pairs in key order.
    public func scan(
        _ module: ModuleID, prefix: [UInt8], after: [UInt8]?, limit: Int
    ) -> [(key: [UInt8], value: [UInt8])] {
        context.scan(module, prefix: prefix, after: after, limit: limit)
    }
}
