// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Ledger
import NodeInterface
import Vocabulary

/// A villain with one key and many machines: transactions that are forged, for another chain, out
/// of turn, uncovered, or pass every check at the door and must then cost nobody but the villain.
///
/// Touched only by who drives the world, between its runs.
final class Flood {
    private let fleet: Fleet
    private var made: UInt64 = 0

    init(_ fleet: Fleet) { self.fleet = fleet }

    /// Hands in the next bad transaction at every node that runs.
    func pour() {
        made += 1
        guard let poor = Member.key(2_000), let bad = transaction(by: poor) else { return }
        for (name, _, _) in fleet.running { fleet.submit(bad, through: name) }
    }

    private func transaction(by poor: SigningKey) -> SignedTransaction? {
        let client = fleet.clients[0]
        let chain = fleet.genesis.chain
        switch made % 5 {
        case 0: return signed(by: poor, chain: chain, nonce: 0)
        case 1: return signed(by: client, chain: ChainID(Bytes32.zero), nonce: 0)
        case 2: return signed(by: client, chain: chain, nonce: 1_000_000)
        case 3:
            let forged = transaction(by: client, chain: chain, nonce: made)
            return forged.signed(by: poor)
        default: return signed(by: poor, chain: chain, nonce: made, feeMax: Amount(1))
        }
    }

    private func signed(
        by key: SigningKey, chain: ChainID, nonce: UInt64, feeMax: Amount = Amount(whole: 1)
    ) -> SignedTransaction {
        transaction(by: key, chain: chain, nonce: nonce, feeMax: feeMax).signed(by: key)
    }

    private func transaction(
        by key: SigningKey, chain: ChainID, nonce: UInt64, feeMax: Amount = Amount(whole: 1)
    ) -> Transaction {
        let everything = AccountsMessage.transfer(
            Transfer([Transfer.Part(to: Payments.payee, Amount(whole: 1_000_000))]))
        return Transaction(
            chain: chain, sender: key.publicKey, nonce: nonce, feeMax: feeMax,
            validUntil: Payments.validUntil, messages: [everything.message])
    }
}
