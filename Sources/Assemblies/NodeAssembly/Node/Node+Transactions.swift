// SPDX-License-Identifier: Apache-2.0
import Effects
public import Ledger
import NodeInterface
import PeerNetwork
public import Vocabulary

extension Node {
    /// How often transactions of this node's clients are repeated to the validators.
    static let repeatMilliseconds: UInt64 = 2_000
    /// The most transactions of one message; with 64 KiB each they stay within a guest's limit.
    static let perMessageMax = 64

    /// Checks a transaction, keeps it, and hands it to the validators.
    public func submit(_ transaction: SignedTransaction) async throws(Refusal) {
        let inserted = try admit(transaction)
        guard inserted else { return }
        own[transaction.hash] = transaction
        pass(on: [transaction])
        answerRequest()
    }

    /// Takes transactions a peer sent; those that are not good now are counted and dropped.
    func receive(transactions: [SignedTransaction]) {
        for transaction in transactions {
            counters.transactionsReceived += 1
            do {
                _ = try admit(transaction)
            } catch {
                counters.transactionsNotTaken += 1
            }
        }
        answerRequest()
    }

    private func admit(_ transaction: SignedTransaction) throws(Refusal) -> Bool {
        guard !mempool.contains(transaction.hash) else { return false }
        let known = checked(transaction)
        if let refusal = known.refusal ?? ledger.admit(known) { throw refusal }
        return try mempool.insert(known)
    }

    /// The checked form of a transaction, from before or made now.
    private func checked(_ signed: SignedTransaction) -> CheckedTransaction {
        let name = CheckedCache.name(of: signed)
        if let known = checked[name] { return known }
        let made = CheckedTransaction(signed, chain: chain)
        checked.insert(made, as: name)
        return made
    }

    /// The checked forms of a block's transactions; many new ones are checked on a worker.
    func checkedAll(_ transactions: [SignedTransaction]) async -> [CheckedTransaction] {
        let names = transactions.map(CheckedCache.name(of:))
        let missing = transactions.indices.filter { checked[names[$0]] == nil }
        guard missing.count > Self.inlineChecksMax else { return transactions.map(checked) }
        let new = missing.map { transactions[$0] }
        let chain = chain
        let made = await effects.workers.run { new.map { CheckedTransaction($0, chain: chain) } }
        for (index, one) in zip(missing, made) { checked.insert(one, as: names[index]) }
        return transactions.map(checked)
    }

    /// Signature checks done on the node's own thread: 16 of 50 µs are under a millisecond.
    static let inlineChecksMax = 16

    /// Tells a validator that has just come what it may have missed.
    func repeatOwn(to peer: PublicKey) {
        guard validatorKeys.contains(peer), !own.isEmpty else { return }
        pass(on: own.keys.sorted().compactMap { own[$0] }, to: .keys([peer]))
    }

    private func pass(on transactions: [SignedTransaction], to filter: PeerFilter? = nil) {
        for start in stride(from: 0, to: transactions.count, by: Self.perMessageMax) {
            let page = transactions[start..<min(start + Self.perMessageMax, transactions.count)]
            var encoder = CanonicalEncoder()
            encoder.writeList(Array(page))
            let dropped = links.broadcast(
                encoder.bytes, on: MeshChannels.transactions, to: filter ?? .keys(validatorKeys))
            counters.sendDrops += UInt64(dropped)
        }
    }

    /// Repeats what is not final yet: a validator may have been away.
    func repeatLoop() async {
        while !isStopping {
            await effects.time.sleep(milliseconds: Self.repeatMilliseconds)
            guard !Task.isCancelled else { return }
            let waiting = own.keys.sorted().compactMap { own[$0] }
            pass(on: waiting)
        }
    }

    /// The nonce after everything of an account that is executed or waits here.
    public func pendingNonce(of account: AccountID) -> UInt64 {
        mempool.pendingNonce(of: account, from: nextNonce(of: account))
    }

    /// What became of a transaction, while its outcome is kept.
    public func outcome(of transaction: Digest) -> TransactionOutcome? {
        (try? ledger.outcome(of: transaction)) ?? nil
    }
}
