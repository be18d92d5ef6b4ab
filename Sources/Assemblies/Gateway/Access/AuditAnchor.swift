// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Effects
import Ledger
import NodeInterface
import Vocabulary

/// Writes the end of the audit log's chain on the ledger, once a day (GATEWAY-46).
///
/// The anchor is a transfer of one base unit to the account whose id is the hash: nobody can have
/// the key of such an account, everybody can find the transfer under it, and no later change of
/// the log has the same hash.
struct AuditAnchor: Sendable {
    static let dayMilliseconds: UInt64 = 86_400_000
    /// How many blocks the anchor may wait: an hour of blocks a quarter of a second apart.
    private static let blocksMax: UInt64 = 14_400

    let node: any NodeAccess
    let effects: Effects
    let audit: AuditLog
    let key: SigningKey
    let log: @Sendable (String) -> Void

    /// Anchors at each midnight of universal time until the task is cancelled.
    func run() async {
        var anchored: UInt64 = 0
        while !Task.isCancelled {
            let now = effects.time.wallClock().value
            await effects.time.sleep(
                milliseconds: Self.dayMilliseconds - now % Self.dayMilliseconds)
            guard !Task.isCancelled else { return }
            let count = await audit.head.count
            guard count > anchored else { continue }
            do {
                try await anchor()
                anchored = await audit.head.count
            } catch {
                log("the audit log could not be anchored: \(error.name): \(error.detail)")
            }
        }
    }

    /// Hands in the transfer that anchors the log as it is now.
    ///
    /// - Throws: The ``Refusal`` of the ledger, such as that the account has nothing.
    @discardableResult
    func anchor() async throws(Refusal) -> Digest {
        let (count, digest) = await audit.head
        let account = AccountID(of: key.publicKey)
        let nonce = await node.pendingNonce(of: account)
        let height = await node.read { _, head in head.height }
        let transfer = AccountsMessage.transfer(
            Transfer([.init(to: AccountID(digest.raw), Amount(1))]))
        let message = Message(module: .accounts, payload: transfer.canonicalBytes)
        func signed(_ fee: Amount) -> SignedTransaction {
            Transaction(
                chain: node.chain, sender: key.publicKey, nonce: nonce, feeMax: fee,
                validUntil: BlockHeight(height.value + Self.blocksMax), messages: [message]
            ).signed(by: key)
        }
        let bytes = signed(.zero).canonicalBytes.count
        let fee = node.genesis.parameters.fee(bytes: bytes, messages: 1) ?? .zero
        let transaction = signed(fee)
        try await node.submit(transaction)
        await audit.note(
            AuditLog.Entry(
                principal: "gateway", action: "anchor", subject: "\(transaction.hash)",
                status: 202, request: "\(count) records, \(digest)"))
        return transaction.hash
    }
}
