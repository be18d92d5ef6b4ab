// SPDX-License-Identifier: Apache-2.0
import Accounts
import Ledger
import Synchronization
import Vocabulary

/// What a town's accounts pay: who signs next with which nonce, and to whom.
final class PaymentBook: Sendable {
    private struct State {
        var nonces: [UInt64]
        var dice: Dice
        /// Signed ahead, for each client in the order they are sent; the last is next.
        var signed: [[SignedTransaction]]
    }

    private let town: LedgerTown
    /// Accounts beyond the town's own, which have no key.
    private let strangers: Int
    private let state: Mutex<State>

    /// - Parameter strangers: How many of ``stranger(_:)`` receive, besides the town's accounts.
    init(_ town: LedgerTown, strangers: Int = 0, seed: UInt64 = 1) {
        self.town = town
        self.strangers = strangers
        state = Mutex(
            State(
                nonces: [UInt64](repeating: 0, count: town.keys.count), dice: Dice(seed: seed),
                signed: [[SignedTransaction]](repeating: [], count: town.keys.count)))
    }

    /// An account nobody has the key of.
    static func stranger(_ number: Int) -> AccountID {
        AccountID(Dice.bytes32(strangersStart + number))
    }

    private static let strangersStart = 1 << 32

    /// The next numbers of another book of the same town, which is no longer used.
    func follow(_ other: PaymentBook) {
        let nonces = other.state.withLock { $0.nonces }
        state.withLock { $0.nonces = nonces }
    }

    /// Signs so many transactions for each client, on this program's workers.
    ///
    /// - Parameter height: The chain's height now; they are valid for the longest time there is.
    func sign(
        _ count: Int, clients: Range<Int>, parts: Int, height: BlockHeight, _ bench: Bench
    ) async throws {
        let halves = [
            clients.lowerBound..<clients.lowerBound + clients.count / 2,
            clients.lowerBound + clients.count / 2..<clients.upperBound,
        ]
        async let first = bench.effects.workers.run { [self] in
            sign(count, halves[0], parts, height)
        }
        async let second = bench.effects.workers.run { [self] in
            sign(count, halves[1], parts, height)
        }
        _ = await (first, second)
    }

    private func sign(_ count: Int, _ clients: Range<Int>, _ parts: Int, _ height: BlockHeight) {
        for client in clients {
            let made = (0..<count).map { _ in
                transaction(of: client, to: receivers(parts), height: height)
            }
            state.withLock { $0.signed[client] = made.reversed() }
        }
    }

    /// The client's next transaction signed ahead.
    func next(_ client: Int) -> SignedTransaction? {
        state.withLock { $0.signed[client].popLast() }
    }

    /// Forgets what was signed ahead and not sent, so that its numbers are used again.
    func forgetSigned() {
        state.withLock { state in
            for client in state.signed.indices {
                state.nonces[client] -= UInt64(state.signed[client].count)
                state.signed[client] = []
            }
        }
    }

    /// Signs one transaction now.
    func transaction(
        of client: Int, to receivers: [AccountID], height: BlockHeight
    ) -> SignedTransaction {
        let nonce = state.withLock { state in
            defer { state.nonces[client] += 1 }
            return state.nonces[client]
        }
        let transfer = Transfer(receivers.map { Transfer.Part(to: $0, Amount(1)) })
        return Transaction(
            chain: town.genesis.chain, sender: town.keys[client].publicKey, nonce: nonce,
            feeMax: Amount(whole: 1), validUntil: height.advanced(by: Self.validBlocks),
            messages: [AccountsMessage.transfer(transfer).message]
        ).signed(by: town.keys[client])
    }

    /// Within the 20,000 blocks that a chain allows without other words.
    private static let validBlocks: UInt64 = 19_000

    private func receivers(_ count: Int) -> [AccountID] {
        let all = town.accounts.count + strangers
        let numbers = state.withLock { state in (0..<count).map { _ in state.dice.below(all) } }
        return numbers.map {
            $0 < town.accounts.count
                ? town.accounts[$0] : Self.stranger($0 - town.accounts.count)
        }
    }
}
