// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Ledger
import NodeInterface
import Vocabulary

/// Signs a provider's messages and sees them through: batches what waits, follows each transaction
/// to its outcome, and sends again what was lost (PROVIDER-9).
actor TransactionDesk {
    /// How many blocks a transaction stays valid: short, so that what is lost is soon free again.
    static let validityBlocks: UInt64 = 200
    /// Messages of one transaction: few enough that one refusal repeats little.
    static let batchMax = 16
    /// Transactions under way at one time, within the ledger's 64 nonces ahead.
    static let underWayMax = 32

    /// A transaction that is on its way to a block.
    private struct Sent {
        let messages: [Message]
        let nonce: UInt64
        let validUntil: BlockHeight
    }

    private let node: any NodeAccess
    private let key: SigningKey
    private let account: AccountID
    private let log: @Sendable (String) -> Void
    private var waiting: [Message] = []
    /// Messages that must go alone, because a batch with them was refused.
    private var singles: [Message] = []
    /// Messages that are being signed and handed over at this moment.
    private var sending: [Message] = []
    private var underWay: [Digest: Sent] = [:]
    private var isFlushing = false
    private var lastComplaint = ""

    init(node: any NodeAccess, key: SigningKey, log: @escaping @Sendable (String) -> Void) {
        self.node = node
        self.key = key
        account = AccountID(of: key.publicKey)
        self.log = log
    }

    /// Whether nothing waits and nothing is under way.
    var isIdle: Bool {
        waiting.isEmpty && singles.isEmpty && sending.isEmpty && underWay.isEmpty
    }

    /// Puts a message in line; one that waits or is under way already is not doubled.
    func add(_ message: Message) {
        guard !waiting.contains(message), !singles.contains(message), !sending.contains(message),
            !underWay.values.contains(where: { $0.messages.contains(message) })
        else { return }
        waiting.append(message)
    }

    /// Sends what waits; one call at a time does, for each transaction needs the next nonce.
    func flush() async {
        guard !isFlushing else { return }
        isFlushing = true
        defer { isFlushing = false }
        while underWay.count < Self.underWayMax {
            if !singles.isEmpty {
                sending = [singles.removeFirst()]
                guard await send() else {
                    singles.insert(contentsOf: sending, at: 0)
                    break
                }
            } else if !waiting.isEmpty {
                sending = Array(waiting.prefix(Self.batchMax))
                waiting.removeFirst(sending.count)
                guard await send() else {
                    waiting.insert(contentsOf: sending, at: 0)
                    break
                }
            } else {
                break
            }
        }
        sending = []
    }

    private func send() async -> Bool {
        let nonce = await node.pendingNonce(of: account)
        let (height, parameters) = await node.read { state, head in
            (head.height, LedgerParameters(in: state))
        }
        let validUntil = height.advanced(by: Self.validityBlocks)
        // The fee depends on the size alone, which the value of feeMax does not change.
        let draft = transaction(nonce, feeMax: Amount(.max), validUntil)
        let fee = parameters.fee(of: draft) ?? Amount(.max)
        let signed = transaction(nonce, feeMax: fee, validUntil)
        do {
            try await node.submit(signed)
            underWay[signed.hash] = Sent(messages: sending, nonce: nonce, validUntil: validUntil)
            lastComplaint = ""
            return true
        } catch {
            if lastComplaint != error.name {
                log("the node does not take a transaction now: \(error)")
            }
            lastComplaint = error.name
            return false
        }
    }

    private func transaction(
        _ nonce: UInt64, feeMax: Amount, _ validUntil: BlockHeight
    ) -> SignedTransaction {
        Transaction(
            chain: node.chain, sender: key.publicKey, nonce: nonce, feeMax: feeMax,
            validUntil: validUntil, messages: sending
        ).signed(by: key)
    }

    /// Learns from a block what became of transactions.
    ///
    /// - Returns: The messages that were executed and refused for good.
    func follow(_ block: AppliedBlock) -> [Message] {
        var refused: [Message] = []
        for outcome in block.outcomes where outcome.isSettled {
            guard let sent = underWay.removeValue(forKey: outcome.hash) else { continue }
            refused += settle(sent, outcome)
        }
        requeue { $0.validUntil <= block.height }
        for (signed, outcome) in zip(block.finalized.transactions, block.outcomes)
        where outcome.isConsumed && signed.transaction.sender == key.publicKey {
            // An earlier life of this provider used the nonce; ours can never be executed.
            requeue { $0.nonce == signed.transaction.nonce }
        }
        return refused
    }

    /// Asks the node about transactions whose blocks were missed.
    func resume() async {
        let height = await node.read { _, head in head.height }
        for hash in underWay.keys.sorted() {
            guard let outcome = await node.outcome(of: hash),
                let sent = underWay.removeValue(forKey: hash)
            else { continue }
            _ = settle(sent, outcome)
        }
        requeue { $0.validUntil <= height }
    }

    /// Puts messages of a transaction that did not take effect back in line, or gives them up.
    private func settle(_ sent: Sent, _ outcome: TransactionOutcome) -> [Message] {
        guard let refusal = outcome.refusal else { return [] }
        if !outcome.isConsumed {
            waiting += sent.messages
        } else if sent.messages.count > 1 {
            // One message spoilt the others: each goes alone now.
            singles += sent.messages
        } else {
            log("refused: \(refusal)")
            return sent.messages
        }
        return []
    }

    private func requeue(where isLost: (Sent) -> Bool) {
        for hash in underWay.keys.sorted() {
            guard let sent = underWay[hash], isLost(sent) else { continue }
            underWay[hash] = nil
            waiting += sent.messages
        }
    }
}
