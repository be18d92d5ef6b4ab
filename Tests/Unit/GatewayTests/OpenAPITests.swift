// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText
import Testing

@testable import Gateway

/// The document that describes the interface.
@Suite("Gateway: OpenAPI")
struct OpenAPITests {
    private static func routes(_ world: GatewayWorld) throws -> [Route] {
        let configuration = GatewayConfiguration(
            endpoint: Endpoint(host: "127.0.0.1", port: 0), version: "1.2.3")
        return try GatewayWorld.table(world.node, world.effects, configuration).routes
    }

    /// Every method and path of a document.
    private static func operations(_ document: JSON) -> [String] {
        (document["paths"]?.members ?? []).flatMap { path in
            (path.value.members ?? []).map { "\($0.name.uppercased()) \(path.name)" }
        }
    }

    @Test("the document names every route, and no route it names is missing")
    func completeness() async throws {
        let world = try GatewayWorld()
        let routes = try Self.routes(world)
        try await world.run { world in
            let document = try await world.json(.get, "/openapi.json")
            #expect(document["openapi"]?.text == "3.1.0")
            #expect(document["info"]?["version"]?.text == "1.2.3")
            let described = Set(Self.operations(document))
            let served = Set(
                routes.flatMap { route in
                    let own = "\(route.method) \(route.pattern.text)"
                    return route.documentsHead ? [own, "HEAD \(route.pattern.text)"] : [own]
                })
            #expect(described == served)
            #expect(described.count == Self.operations(document).count)
        }
    }

    @Test("every route of the document is served: none answers 404 for its path or 405")
    func served() async throws {
        let world = try GatewayWorld()
        try await world.run { world in
            let document = try await world.json(.get, "/openapi.json")
            let zeros = String(repeating: "0", count: 64)
            for operation in Self.operations(document) where !operation.hasSuffix("/v1/events") {
                let parts = operation.split(separator: " ").map(String.init)
                let path = parts[1].split(separator: "{").enumerated().map { index, part in
                    index == 0 ? String(part) : zeros + part.drop { $0 != "}" }.dropFirst()
                }.joined()
                let method = try #require(HTTPMethod(parts[0]))
                let response = try await world.ask(method, path, body: method == .post ? [] : nil)
                #expect(response.status != .methodNotAllowed, "\(operation)")
                guard response.status == .notFound, method != .head else { continue }
                let problem = try JSON(parsing: response.body)
                #expect(problem["name"] != nil, "\(operation) leads nowhere")
            }
        }
    }

    @Test("operation names are unique, parameters of the path are declared, references resolve")
    func soundness() async throws {
        let world = try GatewayWorld()
        let routes = try Self.routes(world)
        let document = OpenAPIDocument(routes: routes, version: "1").json
        var names: Set<String> = []
        for path in document["paths"]?.members ?? [] {
            let wanted = path.name.split(separator: "{").dropFirst().map { $0.prefix { $0 != "}" } }
            for operation in path.value.members ?? [] {
                let name = try #require(operation.value["operationId"]?.text)
                #expect(names.insert(name).inserted, "\(name) comes twice")
                let parameters = operation.value["parameters"]?.elements ?? []
                let declared = parameters.filter { $0["in"]?.text == "path" }
                #expect(declared.compactMap { $0["name"]?.text } == wanted.map(String.init))
                #expect(declared.allSatisfy { $0["required"]?.flag == true })
                #expect(operation.value["responses"]?.members?.isEmpty == false)
            }
        }
        let check = SchemaCheck(document: document)
        for reference in Self.references(in: document) {
            #expect(check.resolve(reference) != nil, "\(reference) leads nowhere")
        }
    }

    private static func references(in json: JSON) -> [String] {
        switch json {
        case .object(let members):
            members.flatMap { member in
                member.name == "$ref"
                    ? [member.value.text ?? ""] : references(in: member.value)
            }
        case .array(let elements): elements.flatMap(references)
        case .null, .bool, .number, .string: []
        }
    }

    @Test("the check that the other tests rely on finds what does not fit")
    func check() {
        let schema = Schema.object([("a", Schema.count), ("b?", Schema.digest)])
        let check = SchemaCheck(document: ["components": ["schemas": ["S": schema]]])
        let reference = Schema.reference("S")
        #expect(check.flaws(of: ["a": 1], against: reference).isEmpty)
        #expect(check.flaws(of: ["a": -1], against: reference).count == 1)
        #expect(check.flaws(of: ["a": "1"], against: reference).count == 1)
        #expect(check.flaws(of: [:], against: reference).count == 1)
        #expect(check.flaws(of: ["a": 1, "b": "xyz"], against: reference).count == 1)
        #expect(check.flaws(of: ["a": 1, "c": 1], against: reference).count == 1)
        #expect(check.flaws(of: nil, against: Schema.nullable(reference)).isEmpty)
    }
}
