// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Ledger
import NodeInterface
import Vocabulary

/// Signs a provider's messages and sees them through: batches what waits, follows each transaction
/// to its outcome, and sends again what was lost.
actor TransactionDesk {
    /// How many blocks a transaction stays valid: short, so that what is lost is soon free again.
    static let validityBlocks: UInt64 = 200
    /// Messages of one transaction: few enough that one refusal repeats little.
    static let batchMax = 16
    /// Transactions under way at one time, within the ledger's 64 nonces ahead.
    static let underWayMax = 32

    private let node: any NodeAccess
    private let key: SigningKey
    private let account: AccountID
    private let log: @Sendable (String) -> Void
    private var waiting: [Message] = []
    private var underWay: [Digest: (messages: [Message], validUntil: BlockHeight)] = [:]

    init(node: any NodeAccess, key: SigningKey, log: @escaping @Sendable (String) -> Void) {
        self.node = node
        self.key = key
        account = AccountID(of: key.publicKey)
        self.log = log
    }

    /// Puts a message in line; one that waits or is under way already is not doubled.
    func add(_ message: Message) {
        guard !waiting.contains(message),
            !underWay.values.contains(where: { $0.messages.contains(message) })
        else { return }
        waiting.append(message)
    }

    /// Sends what waits.
    func flush() async {
        while !waiting.isEmpty, underWay.count < Self.underWayMax {
            let batch = Array(waiting.prefix(Self.batchMax))
            waiting.removeFirst(batch.count)
            guard await send(batch) else {
                waiting.insert(contentsOf: batch, at: 0)
                return
            }
        }
    }

    private func send(_ messages: [Message]) async -> Bool {
        let nonce = await node.pendingNonce(of: account)
        let (height, parameters) = await node.read { state, head in
            (head.height, LedgerParameters(in: state))
        }
        let validUntil = height.advanced(by: Self.validityBlocks)
        let unsigned = Transaction(
            chain: node.chain, sender: key.publicKey, nonce: nonce, feeMax: Amount(.max),
            validUntil: validUntil, messages: messages)
        // The fee depends on the size alone, which the value of feeMax does not change.
        let fee = parameters.fee(of: unsigned.signed(by: key)) ?? Amount(.max)
        let signed = Transaction(
            chain: node.chain, sender: key.publicKey, nonce: nonce, feeMax: fee,
            validUntil: validUntil, messages: messages
        ).signed(by: key)
        do {
            try await node.submit(signed)
            underWay[signed.hash] = (messages, validUntil)
            return true
        } catch {
            log("the node does not take a transaction now: \(error)")
            return false
        }
    }

    /// Learns from a block what became of transactions.
    func follow(_ block: AppliedBlock) {
        for outcome in block.outcomes {
            guard let sent = underWay.removeValue(forKey: outcome.hash) else { continue }
            guard let refusal = outcome.refusal else { continue }
            if outcome.isConsumed, sent.messages.count == 1 {
                log("refused: \(refusal)")
            } else if outcome.isConsumed {
                // One message spoilt the others: each goes alone now.
                singles += sent.messages
            } else {
                waiting += sent.messages
            }
        }
        for hash in underWay.keys.sorted() {
            guard let sent = underWay[hash], sent.validUntil < block.height else { continue }
            underWay[hash] = nil
            waiting += sent.messages
        }
    }

    /// Messages that must go alone, because a batch with them was refused.
    private var singles: [Message] = []

    /// Sends messages of refused batches one by one.
    func flushSingles() async {
        let alone = singles
        singles.removeAll()
        for (index, message) in alone.enumerated() {
            guard await send([message]) else {
                singles = Array(alone[index...])
                return
            }
        }
    }
}
