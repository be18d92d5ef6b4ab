// SPDX-License-Identifier: Apache-2.0
public import Cryptography
import Effects
import Synchronization
public import Vocabulary

/// Gives test tokens away on a cloud that is one person's own (DASHBOARD-4).
public struct Faucet: Sendable {
    /// How often one account is given something in an hour.
    public static let grantsPerAccountMax = 5
    /// How often anybody is given something in an hour, and so how many accounts are remembered.
    public static let grantsMax = 500
    /// The span that the limits count: an hour.
    public static let windowMilliseconds: UInt64 = 3_600_000

    /// Whose money it is.
    public let key: SigningKey
    /// How much it gives at once.
    public let amount: Amount

    /// A faucet of a key's account.
    public init(key: SigningKey, amount: Amount) {
        self.key = key
        self.amount = amount
    }
}

/// Counts what a faucet gave in this hour.
final class FaucetBook: Sendable {
    private struct State {
        var begin: Instant?
        var grants: [AccountID: Int] = [:]
        var sum = 0
    }

    private let state = Mutex(State())

    /// Notes one more grant, unless that would be too many.
    ///
    /// - Returns: The seconds until it may be asked again, or nothing when it is noted.
    func take(_ account: AccountID, at now: Instant) -> UInt64? {
        state.withLock { state in
            let age = state.begin.map { now.milliseconds(since: $0) } ?? .max
            if age >= Faucet.windowMilliseconds { state = State(begin: now) }
            let given = state.grants[account] ?? 0
            guard given < Faucet.grantsPerAccountMax, state.sum < Faucet.grantsMax else {
                return (Faucet.windowMilliseconds - age) / 1_000 + 1
            }
            state.grants[account] = given + 1
            state.sum += 1
            return nil
        }
    }
}
