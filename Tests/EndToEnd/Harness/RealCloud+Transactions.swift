// SPDX-License-Identifier: Apache-2.0
import Accounts
import ClientKit
import Cryptography
import Ledger
import Vocabulary

extension RealCloud {
    /// A transfer that offers exactly its fee, valid for a while, with the account's next nonce.
    func transfer(
        _ amount: Amount, to receiver: AccountID, from sender: SigningKey? = nil
    ) async throws -> SignedTransaction {
        let sender = sender ?? key
        let builder = TransactionBuilder(genesis: genesis, key: sender)
        let status = try await client.status()
        let nonce = try await client.account(builder.account).nonce
        return try builder.build(
            [Self.transfer(amount, to: receiver)], nonce: nonce, height: status.height)
    }

    /// The message that asks for a transfer.
    static func transfer(_ amount: Amount, to receiver: AccountID) -> Message {
        AccountsMessage.transfer(Transfer([Transfer.Part(to: receiver, amount)])).message
    }

    /// The problem that a call ends with; nothing when it succeeds or fails in another way.
    func problem(_ call: () async throws -> Void) async -> ProblemReport? {
        do {
            try await call()
            return nil
        } catch {
            guard case .problem(let report) = error as? ClientFailure else { return nil }
            return report
        }
    }
}
