// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import HTTPServer
import JSONText
import Ledger
import NodeInterface
import Vocabulary

/// Gives test tokens on a local cloud, within its limits (DASHBOARD-4).
struct FaucetResource: Resource {
    let context: GatewayContext
    private let book = FaucetBook()

    init(context: GatewayContext) { self.context = context }

    private static let bodyBytesMax: UInt64 = 1_024
    /// How many blocks a grant may wait for its own: a few minutes.
    private static let validityBlocks: UInt64 = 200

    var routes: [Route] {
        let faucet = context.configuration.faucet
        let shown = Route(
            method: .get, pattern: "/v1/faucet", name: "getFaucet", tag: "faucet",
            summary: "How much test money this cloud gives away at once; nothing on most.",
            responses: [.json("The faucet.", Schema.reference("Faucet"))],
            handler: { _ in show(faucet) })
        return [shown] + (faucet.map { [grant(of: $0)] } ?? [])
    }

    private func grant(of faucet: Faucet) -> Route {
        Route(
            method: .post, pattern: "/v1/faucet", name: "askFaucet", tag: "faucet",
            summary: "Send test tokens to an account; local clouds only.",
            body: Route.Body(
                mediaType: "application/json", schema: Schema.reference("FaucetRequest"),
                bytesMax: Self.bodyBytesMax),
            responses: [
                .json(202, "Sent; final in a moment.", Schema.reference("FaucetGrant")),
                .problem(403, "The request comes from another site's page."),
                .problem(413, "The body is too large."), .problem(415, "The body is not JSON."),
                .problem(422, "The body is malformed."),
                .problem(429, "The account, or everybody, was given enough for now."),
                .problem(503, "The node takes no transaction now."),
            ], handler: { request in try await give(faucet, request) })
    }

    private func show(_ faucet: Faucet?) -> HTTPResponse {
        let answer: JSON = [
            "amount": JSON(faucet?.amount ?? .zero), "perAccount": JSON(Faucet.grantsPerAccountMax),
            "windowSeconds": JSON(Faucet.windowMilliseconds / 1_000),
        ]
        return .json(answer.bytes)
    }

    private func give(_ faucet: Faucet, _ request: HTTPRequest) async throws -> HTTPResponse {
        try Self.checkOrigin(request)
        let account = try Self.account(try await request.body.collect())
        if let seconds = book.take(account, at: context.effects.time.now()) {
            throw GatewayProblem.faucetDry.problem(
                "an account is given \(Faucet.grantsPerAccountMax) grants an hour, and everybody "
                    + "\(Faucet.grantsMax)",
                retryAfterSeconds: Int(seconds))
        }
        let hash = try await send(faucet, to: account)
        let answer: JSON = ["hash": JSON(hash), "amount": JSON(faucet.amount)]
        return .json(answer.bytes, status: .accepted)
    }

    /// Refuses what another site's page can make a browser send: such a request names its origin,
    /// or has a type that needs nobody's leave.
    private static func checkOrigin(_ request: HTTPRequest) throws(Problem) {
        let type = request.fields["Content-Type"]?.split(separator: ";").first.map(String.init)
        guard type?.lowercased() == "application/json" else {
            throw Problem(415, detail: "the body must be application/json")
        }
        guard let origin = request.fields["Origin"] else { return }
        let host = request.fields["Host"] ?? ""
        guard origin == "http://\(host)" || origin == "https://\(host)" else {
            throw GatewayProblem.foreignOrigin.problem("the page is of \(origin), not of \(host)")
        }
    }

    private static func account(_ bytes: [UInt8]) throws(Problem) -> AccountID {
        guard let json = try? JSON(parsing: bytes),
            let account = json["account"]?.text.flatMap(AccountID.init(hexadecimal:))
        else {
            throw GatewayProblem.malformedBody.problem(
                "/account must be 64 hexadecimal digits",
                members: [("pointer", .text("/account"))])
        }
        return account
    }

    private func send(_ faucet: Faucet, to account: AccountID) async throws(Problem) -> Digest {
        let transfer = Transfer([Transfer.Part(to: account, faucet.amount)])
        let messages = [AccountsMessage.transfer(transfer).message]
        let node = context.node
        let nonce = await node.pendingNonce(of: AccountID(of: faucet.key.publicKey))
        let (height, parameters) = await node.read { state, head in
            (head.height, LedgerParameters(in: state))
        }
        func signed(_ fee: Amount) -> SignedTransaction {
            Transaction(
                chain: node.chain, sender: faucet.key.publicKey, nonce: nonce, feeMax: fee,
                validUntil: height.advanced(by: Self.validityBlocks), messages: messages
            ).signed(by: faucet.key)
        }
        // Every amount takes as many bytes, so the fee is that of the draft.
        let transaction = signed(parameters.fee(of: signed(.zero)) ?? .zero)
        do {
            try await node.submit(transaction)
        } catch {
            throw error.problem
        }
        return transaction.hash
    }
}
