// SPDX-License-Identifier: Apache-2.0
import Accounts
import ClientKit
import Cryptography
import HTTPServer
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

extension RealCloud {
    /// Sends a body as it is and gives whatever the gateway answers.
    func post(_ path: String, _ body: [UInt8]) async throws -> HTTPClientResponse {
        guard let address = HTTPAddress(gateway + path) else {
            throw HarnessFailure("\(path) is no path")
        }
        let http = HTTPClient(effects: client.effects)
        let request = HTTPClientRequest(
            .post, address, fields: ["Content-Type": "application/octet-stream"],
            body: .bytes(body))
        let answer = try await http.send(request)
        await http.close()
        return answer
    }
}
