// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// A test's bank: amounts under keys of a module of its own, kept in the same state as everything
/// else.
public protocol CellBank {
    /// Whose part of the state it is.
    static var module: ModuleID { get }
}

extension CellBank {
    /// Nobody has so much.
    public static var poor: Refusal {
        Refusal(module: module, code: 1, name: "poor", detail: "too little")
    }

    /// What lies under a key.
    public func amount(_ key: [UInt8], in state: any StateReader) -> Amount {
        state.value(Self.module, key).flatMap { try? Amount(canonicalBytes: $0) } ?? .zero
    }

    /// Adds to it.
    public func add(_ amount: Amount, to key: [UInt8], in context: ExecutionContext) {
        let sum = self.amount(key, in: context).adding(amount) ?? .zero
        context.set(Self.module, key, sum.canonicalBytes)
    }

    /// Takes from it.
    public func take(
        _ amount: Amount, from key: [UInt8], in context: ExecutionContext
    ) throws(Refusal) {
        guard let rest = self.amount(key, in: context).subtracting(amount) else { throw Self.poor }
        context.set(Self.module, key, rest.canonicalBytes)
    }
}
