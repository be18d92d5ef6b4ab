// SPDX-License-Identifier: Apache-2.0
import Cryptography
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

    /// The cheap checks first, the signature after, the pool last.
    private func admit(_ transaction: SignedTransaction) throws(Refusal) -> Bool {
        let entry = Mempool.Entry(transaction)
        guard !mempool.contains(entry.hash) else { return false }
        if let refusal = ledger.admit(transaction) { throw refusal }
        try checkSignature(of: transaction)
        return try mempool.insert(entry)
    }

    private func checkSignature(of signed: SignedTransaction) throws(Refusal) {
        let hash = SignedHash.of(signed)
        guard !verified.contains(hash) else { return }
        try signed.check(chain: chain)
        verified.insert(hash)
    }

    private func pass(on transactions: [SignedTransaction]) {
        for start in stride(from: 0, to: transactions.count, by: Self.perMessageMax) {
            let page = transactions[start..<min(start + Self.perMessageMax, transactions.count)]
            var encoder = CanonicalEncoder()
            encoder.writeList(Array(page))
            let dropped = links.broadcast(
                encoder.bytes, on: MeshChannels.transactions, to: .keys(validatorKeys))
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

/// Names a transaction together with its signature, so that a good check never vouches for another
/// signature over the same transaction.
enum SignedHash {
    static func of(_ signed: SignedTransaction) -> Digest {
        SHA256.hash(signed.hash.raw.bytes + signed.signature.bytes)
    }
}
