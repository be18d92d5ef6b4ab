// SPDX-License-Identifier: Apache-2.0
import Cryptography
import HTTPServer
import JSONText
import Ledger
import Market
import Registry
import Vocabulary

/// Says what a job may cost before it is ordered.
struct QuoteResource: Resource {
    let context: GatewayContext

    /// The most providers looked at: a thousand reads stay within a few milliseconds.
    static let providersMax = 1_000
    /// The most bytes of a request.
    static let bodyBytesMax: UInt64 = 4_096

    var routes: [Route] {
        [
            Route(
                method: .post, pattern: "/v1/quotes", name: "quote", tag: "quotes",
                summary: "The range of costs of a job and the fee of ordering it.",
                parameters: [.idempotencyKey],
                body: Route.Body(
                    mediaType: "application/json", schema: Schema.reference("QuoteRequest"),
                    bytesMax: Self.bodyBytesMax),
                responses: [
                    .json("The quote, at the providers' posted prices.", Schema.reference("Quote")),
                    .problem(400, "The key is malformed."),
                    .problem(409, "Fewer providers are active than replicas are asked for."),
                    .problem(413, "The body is too large."),
                    .problem(422, "The body is malformed."),
                ], handler: quote)
        ]
    }

    private func quote(_ request: HTTPRequest) async throws -> HTTPResponse {
        let bytes = try await request.body.collect()
        return try await context.once(request, body: SHA256.hash(bytes)) {
            let wanted = try Wanted(bytes)
            let bills = await bills(for: wanted.fuelMax)
            return .json(try answer(wanted, bills).bytes)
        }
    }

    /// What each active provider may bill at most, the cheapest first; bills beyond 128 bits are
    /// left out, for no order can pay them.
    private func bills(for fuel: Fuel) async -> [Amount] {
        let providers = await context.node.read { state, _ in
            RegistryQueries(state).providers(limit: Self.providersMax).filter(\.isActive)
        }
        return providers.compactMap { provider in
            let price = Price(
                base: provider.terms.basePrice, perMillionFuel: provider.terms.pricePerMillionFuel)
            return price.bill(for: fuel)
        }.sorted()
    }

    /// An order finds a bidder when its share covers the bidder's worst bill (MARKET-4), so the
    /// least useful `maxCost` is the replicas times the last needed bill.
    private func answer(_ wanted: Wanted, _ bills: [Amount]) throws(Problem) -> JSON {
        let replicas = Int(wanted.replicas)
        guard bills.count >= replicas, let dearest = bills.last else {
            throw GatewayProblem.tooFewProviders.problem(
                "\(bills.count) providers are active; \(replicas) replicas need as many",
                members: [
                    ("providers", .unsigned(UInt64(bills.count))),
                    ("replicas", .unsigned(UInt64(replicas))),
                ])
        }
        guard let least = bills[replicas - 1].multiplied(by: UInt64(replicas)),
            let most = dearest.multiplied(by: UInt64(replicas)),
            let fee = context.node.genesis.parameters.fee(
                bytes: wanted.orderBytes, module: .market, tag: 0)
        else { throw GatewayProblem.malformedBody.problem("the cost exceeds 128 bits") }
        return [
            "replicas": JSON(replicas), "fuelMax": JSON(wanted.fuelMax),
            "providers": JSON(bills.count), "costMin": JSON(least), "costMax": JSON(most),
            "transactionFee": JSON(fee),
        ]
    }
}

/// What a quote is asked for.
private struct Wanted {
    let fuelMax: Fuel
    let replicas: UInt8
    let argumentBytes: UInt64

    /// Reads `{fuelMax, replicas, argumentBytes?}`.
    init(_ bytes: [UInt8]) throws(Problem) {
        let json: JSON
        do {
            json = try JSON(parsing: bytes)
        } catch {
            throw GatewayProblem.malformedBody.problem("the body is not JSON: \(error)")
        }
        fuelMax = Fuel(try Self.number(json, "fuelMax", in: 1...UInt64.max))
        replicas = UInt8(
            try Self.number(json, "replicas", in: 1...UInt64(OrderTerms.replicasMax)))
        argumentBytes = try Self.number(
            json, "argumentBytes", in: 0...UInt64(OrderTerms.argumentsBytesMax), else: 0)
    }

    private static func number(
        _ json: JSON, _ name: String, in range: ClosedRange<UInt64>, else standard: UInt64? = nil
    ) throws(Problem) -> UInt64 {
        if let standard, json[name] == nil { return standard }
        guard let number = json[name]?.unsigned, range.contains(number) else {
            throw GatewayProblem.malformedBody.problem(
                "/\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)",
                members: [("pointer", .text("/\(name)"))])
        }
        return number
    }

    /// The canonical bytes of a transaction that opens such an order: those of one without
    /// arguments, and the arguments.
    var orderBytes: Int {
        let limits = JobLimits(
            fuelMax: fuelMax, memoryBytesMax: 0, outputBytesMax: 0, wallMilliseconds: 0)
        let terms = OrderTerms(
            moduleDigest: .zero, inputDigest: .zero, arguments: [], limits: limits,
            replicas: replicas, maxCost: .zero, deadline: Timestamp(0), salt: .zero)
        let message = MarketMessage.openOrder(OpenOrder(terms: terms))
        let transaction = Transaction(
            chain: ChainID(.zero), sender: PublicKey(.zero), nonce: 0, feeMax: .zero,
            validUntil: BlockHeight(0),
            messages: [Message(module: .market, payload: message.canonicalBytes)])
        let signed = SignedTransaction(
            transaction: transaction, signature: Signature(point: .zero, scalar: .zero))
        return signed.canonicalBytes.count + Int(argumentBytes)
    }
}
