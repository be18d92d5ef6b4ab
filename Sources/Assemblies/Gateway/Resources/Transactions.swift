// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import HTTPServer
import JSONText
import Ledger
import Vocabulary

/// Takes signed transactions and tells what became of them (GATEWAY-1, GATEWAY-6).
struct TransactionResource: Resource {
    let context: GatewayContext

    /// How long `wait=final` waits unless said otherwise.
    static let waitUsual: UInt64 = 10_000
    /// The longest it waits: a minute, the patience of usual clients and proxies.
    static let waitMax: UInt64 = 60_000

    var routes: [Route] { [submission, lookup] }

    private var submission: Route {
        Route(
            method: .post, pattern: "/v1/transactions", name: "submitTransaction",
            tag: "transactions",
            summary: "Submit a signed transaction, and wait for its block if asked to.",
            parameters: [
                .query(
                    "wait", "`final` waits until a final block carries the transaction.",
                    ["type": "string", "enum": ["final"]]),
                .query(
                    "timeout", "How many milliseconds to wait.",
                    [
                        "type": "integer", "minimum": 1, "maximum": JSON(Self.waitMax),
                        "default": JSON(Self.waitUsual),
                    ]),
                .idempotencyKey,
            ],
            body: Route.Body(
                mediaType: "application/octet-stream",
                schema: ["type": "string", "format": "binary"],
                bytesMax: UInt64(SignedTransaction.bytesMax)),
            responses: [
                .json(
                    202, "Checked here and held for the validators.", Schema.reference("Received")),
                .json(200, "Final, with `wait=final`.", Schema.reference("FinalOutcome")),
                .problem(400, "A parameter is malformed."),
                .problem(409, "The ledger refuses it now."),
                .problem(413, "More than 64 KiB."),
                .problem(422, "It can never become valid, or does not decode."),
                .problem(503, "Too many transactions wait."),
                .problem(504, "Not final in time; it may still become so."),
            ], handler: submit)
    }

    private var lookup: Route {
        Route(
            method: .get, pattern: "/v1/transactions/{hash}", name: "getTransaction",
            tag: "transactions",
            summary: "What became of a transaction, and what happened in it.",
            parameters: [.path("hash", "The transaction's hash.", Schema.digest)],
            responses: [
                .json("The outcome, while it is kept.", Schema.reference("Outcome")),
                .problem(400, "The hash is malformed."),
                .problem(404, "Not executed here, or forgotten."),
            ], handler: find)
    }

    private func find(_ request: HTTPRequest) async throws -> HTTPResponse {
        let hash: Digest = try request.identifier("hash")
        guard let receipt = await context.node.receipt(of: hash) else {
            throw GatewayProblem.unknownTransaction.problem(
                "\(hash) is in no executed block, or its outcome is no longer kept")
        }
        let events: [(name: String, value: JSON?)] = [
            ("events", .array(receipt.events.map(EventRendering.json)))
        ]
        return .json(JSON(receipt.outcome).adding(events).bytes)
    }

    private func submit(_ request: HTTPRequest) async throws -> HTTPResponse {
        let waits = try request.queryWord("wait", of: ["final"]) != nil
        let patience = try request.queryNumber("timeout", in: 1...Self.waitMax) ?? Self.waitUsual
        let bytes = try await request.body.collect()
        return try await context.once(request, body: SHA256.hash(bytes)) {
            let signed = try Self.decoded(bytes)
            // Started first, so that no block can pass between the submission and the wait.
            let expectation = waits ? context.outcomes.expect(signed.hash) : nil
            defer { if let expectation { context.outcomes.drop(expectation, of: signed.hash) } }
            try await context.charging(signed.transaction.feeMax) { () async throws(Problem) in
                try await hand(signed)
            }
            guard let expectation else { return Self.received(signed.hash) }
            let outcome = await outcome(
                of: signed.hash, expectation, milliseconds: patience, request: request)
            guard let outcome else { throw Self.timedOut(signed.hash) }
            let members: [(name: String, value: JSON?)] = [("acknowledged", "final")]
            return .json(JSON(outcome).adding(members).bytes)
        }
    }

    /// Reads the one encoding of a transaction.
    private static func decoded(_ bytes: [UInt8]) throws(Problem) -> SignedTransaction {
        var decoder = CanonicalDecoder(bytes)
        do {
            let signed = try decoder.read(SignedTransaction.self)
            try decoder.finish()
            return signed
        } catch {
            let offset = bytes.count - decoder.remaining
            throw GatewayProblem.malformedBody.problem(
                "the bytes are no signed transaction: \(error) before byte \(offset) of "
                    + "\(bytes.count)",
                members: [("offset", .unsigned(UInt64(offset)))])
        }
    }

    /// Gives the transaction to the node; one that was executed before is no error.
    private func hand(_ signed: SignedTransaction) async throws(Problem) {
        do {
            try await context.node.submit(signed)
        } catch {
            guard error.isDuplicate else { throw error.problem }
        }
    }

    private static func received(_ hash: Digest) -> HTTPResponse {
        let answer: JSON = ["hash": JSON(hash), "acknowledged": "received"]
        return .json(answer.bytes, status: .accepted)
    }

    private static func timedOut(_ hash: Digest) -> Problem {
        GatewayProblem.finalityTimedOut.problem(
            "no final block carries it yet; it is held for the validators and may still become "
                + "final",
            members: [("hash", .text("\(hash)")), ("acknowledged", .text("received"))])
    }
}

// MARK: - Waiting

extension TransactionResource {
    /// What became of a transaction, or nothing when time is up or the client has gone.
    private func outcome(
        of hash: Digest, _ expectation: OutcomeBoard.Expectation, milliseconds: UInt64,
        request: HTTPRequest
    ) async -> TransactionOutcome? {
        if let outcome = await context.node.outcome(of: hash) { return outcome }
        let effects = context.effects
        let timer = effects.tasks.spawn("finality timeout") {
            await effects.time.sleep(milliseconds: milliseconds)
            expectation.gate.open()
        }
        let departure = effects.tasks.spawn("finality departure") {
            if await request.clientDeparted() { expectation.gate.open() }
        }
        await expectation.gate.wait()
        timer.cancel()
        departure.cancel()
        // The connection may be read again only when nobody else reads it.
        await departure.finished()
        if let outcome = expectation.outcome { return outcome }
        return await context.node.outcome(of: hash)
    }
}
