// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Why a node does not take a transaction in although the ledger might.
enum PoolRefusal: UInt16 {
    /// Too many wait.
    case poolFull = 100
    /// Another with this nonce waits.
    case nonceTaken = 101
}

extension Refusal {
    /// A refusal by the pool of waiting transactions.
    static func pool(_ reason: PoolRefusal, _ detail: String) -> Refusal {
        Refusal(module: nil, code: reason.rawValue, name: "\(reason)", detail: detail)
    }
}
