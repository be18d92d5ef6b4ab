// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import HTTPServer
import JSONText
import Ledger
import Market
import NodeInterface
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import Gateway

/// A gateway in front of a ``ChainNode``, reached over real sockets on a loop of its own.
///
/// Every answer it is asked for is checked against the gateway's own OpenAPI document.
final class GatewayWorld: Sendable {
    let cast: Cast
    let node: ChainNode
    let service: GatewayService
    let client: HTTPClient
    let lines = Mutex<[String]>([])
    private let world: LoopWorld
    private let document: JSON

    init(
        blobBytesMax: UInt64 = 1 << 20, modules: JSON = .object([]),
        configure: (inout GatewayConfiguration) -> Void = { _ in }
    ) throws {
        world = try LoopWorld()
        let effects = world.effects
        cast = try Cast(modules: modules)
        node = try ChainNode(
            genesis: cast.genesis, validators: cast.validators, time: effects.time)
        var configuration = GatewayConfiguration(
            endpoint: Endpoint(host: "127.0.0.1", port: 0), version: "1.2.3",
            blobBytesMax: blobBytesMax)
        configure(&configuration)
        service = GatewayService(node: node, effects: effects, configuration: configuration)
        client = HTTPClient(effects: effects)
        document =
            OpenAPIDocument(
                routes: try Self.table(node, effects, configuration).routes, version: "1.2.3"
            ).json
    }

    var root: String { world.root }
    var effects: Effects { world.effects }

    /// The table of a gateway that serves nobody.
    static func table(
        _ node: any NodeAccess, _ effects: Effects, _ configuration: GatewayConfiguration
    ) throws -> RouteTable {
        RouteTable(
            GatewayContext(
                node: node, effects: effects, configuration: configuration, events: EventLog(),
                outcomes: OutcomeBoard(), answers: AnswerBook(time: effects.time),
                receipts: ReceiptCache(), access: GatewayAccess(configuration, effects),
                indexer: nil, spans: nil, counters: { nil }))
    }

    var chain: ChainID { node.chain }

    /// Runs `body` as a task of this world, between start and stop.
    func run(_ body: @escaping @Sendable (GatewayWorld) async throws -> Void) async throws {
        try await world.run { _ in
            try await self.service.start()
            do {
                try await body(self)
            } catch {
                await self.service.stop()
                throw error
            }
            await self.service.stop()
            await self.client.close()
        }
    }

    // MARK: Requests

    /// The address of a path with its query.
    func address(_ target: String) throws -> HTTPAddress {
        try #require(HTTPAddress("http://\(service.endpoint)\(target)"))
    }

    /// Asks, and checks the answer against what the document says of the route.
    @discardableResult
    func ask(
        _ method: HTTPMethod = .get, _ target: String, fields: HTTPFields = [:],
        body: [UInt8]? = nil
    ) async throws -> HTTPClientResponse {
        let request = HTTPClientRequest(
            method, try address(target), fields: fields,
            body: body.map { .bytes($0) } ?? .none)
        let response = try await client.send(request)
        let flaws = flaws(of: response, to: method, target)
        #expect(flaws.isEmpty, "\(method) \(target): \(flaws)")
        return response
    }

    /// Asks for JSON with an expected status.
    func json(
        _ method: HTTPMethod = .get, _ target: String, fields: HTTPFields = [:],
        body: [UInt8]? = nil, status: HTTPStatus = .ok,
        from place: SourceLocation = #_sourceLocation
    ) async throws -> JSON {
        let response = try await ask(method, target, fields: fields, body: body)
        #expect(
            response.status == status, "\(String(decoding: response.body, as: UTF8.self))",
            sourceLocation: place)
        return try JSON(parsing: response.body)
    }

    /// What the document does not allow in an answer.
    private func flaws(
        of response: HTTPClientResponse, to method: HTTPMethod, _ target: String
    ) -> [String] {
        guard let operation = operation(method, String(target.prefix { $0 != "?" })) else {
            return []
        }
        guard let described = operation["responses"]?["\(response.status.code)"] else {
            return ["status \(response.status) is not described"]
        }
        guard let content = described["content"]?.members?.first else { return [] }
        let type = response.fields["content-type"] ?? ""
        guard type.hasPrefix(content.name) else { return ["\(type) is not \(content.name)"] }
        guard type.contains("json"), method != .head else { return [] }
        guard let json = try? JSON(parsing: response.body) else { return ["no JSON"] }
        return SchemaCheck(document: document)
            .flaws(of: json, against: content.value["schema"] ?? .null)
    }

    /// The operation a path leads to.
    private func operation(_ method: HTTPMethod, _ path: String) -> JSON? {
        let parts = path.split(separator: "/")
        let entry = document["paths"]?.members?.first { entry in
            let pattern = entry.name.split(separator: "/")
            return pattern.count == parts.count
                && zip(pattern, parts).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }
        return entry?.value[method.name.lowercased()]
    }
}

// MARK: - What happens on the chain

extension GatewayWorld {
    /// Submits messages of one of the cast; they are final when this returns.
    @discardableResult
    func act(_ key: SigningKey, _ messages: [Message]) async throws -> SignedTransaction {
        let nonce = await node.pendingNonce(of: AccountID(of: key.publicKey))
        let signed = cast.sign(messages, by: key, nonce: nonce, chain: chain)
        try await node.submit(signed)
        return signed
    }

    func registerProviders() async throws {
        for (index, key) in cast.providers.enumerated() {
            try await act(key, [cast.registration(index)])
        }
    }

    /// Opens an order and returns its job.
    func openOrder(salt: UInt8 = 0) async throws -> JobID {
        let order = OpenOrder(terms: cast.terms(salt: salt))
        let signed = try await act(cast.client, [Cast.message(.openOrder(order))])
        return order.job(sender: AccountID(of: cast.client.publicKey), transaction: signed.hash)
    }

    /// Lets two providers bid; they then hold leases.
    func lease(_ job: JobID) async throws {
        for index in 0..<2 { try await act(cast.providers[index], [cast.bid(index, on: job)]) }
    }

    /// Lets both providers commit and reveal this output, which is kept as a blob.
    func finish(_ job: JobID, output: JobOutput) async throws {
        _ = try await node.memory.keep(output.canonicalBytes)
        let result = cast.result(of: output)
        for index in 0..<2 {
            try await act(cast.providers[index], [cast.commitment(index, result, in: job)])
        }
        for index in 0..<2 {
            let message = cast.revelation(index, result, in: job, chain: chain)
            try await act(cast.providers[index], [message])
        }
    }

    /// A job from its order to its settlement.
    func settledJob(output: JobOutput) async throws -> JobID {
        try await registerProviders()
        let job = try await openOrder()
        try await lease(job)
        try await finish(job, output: output)
        return job
    }
}
