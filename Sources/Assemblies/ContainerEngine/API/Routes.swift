// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// The paths of Docker's API that the engine answers, each with a version before it and without.
struct Routes {
    let engine: Engine
    private(set) var router = Router()

    /// The most bytes of a body: options of a container.
    static let bodyBytesMax: UInt64 = 1 << 20

    init(engine: Engine) {
        self.engine = engine
        addSystem()
        addContainers()
        addFollowing()
        addEntries()
        addImages()
        addVolumes()
        addEvents()
        addUsage()
        addCopying()
        addNetworks()
        addBuilds()
        addArchives()
    }

    /// Adds a route; what the engine refuses becomes Docker's answer.
    mutating func on(
        _ method: HTTPMethod, _ path: String, bodyBytesMax: UInt64 = bodyBytesMax,
        _ handler: @escaping @Sendable (Engine, HTTPRequest) async throws -> HTTPResponse
    ) {
        let engine = engine
        for text in [path, "/{version}" + path] {
            guard let pattern = RoutePattern(text) else {
                preconditionFailure("\(text) is no pattern")
            }
            router.on(method, pattern, bodyBytesMax: bodyBytesMax) { request in
                do {
                    if let version = request.parameters["version"] { try APIVersion.check(version) }
                    return try await handler(engine, request)
                } catch let failure as EngineFailure {
                    return failure.response
                }
            }
        }
    }
}

/// The versions of the API that are spoken.
enum APIVersion {
    /// Refuses a path's version that is not spoken, in the words that Docker's clients know.
    static func check(_ text: String) throws(EngineFailure) {
        let parts = text.dropFirst().split(separator: ".")
        guard text.hasPrefix("v"), parts.count == 2, parts[0] == "1", let minor = UInt16(parts[1])
        else { throw EngineFailure(.notFound, "page not found") }
        if minor > minorOf(EngineService.version) {
            throw EngineFailure(
                .badRequest,
                "client version \(text.dropFirst()) is too new. Maximum supported API version is "
                    + EngineService.version)
        }
        if minor < minorOf(EngineService.oldestVersion) {
            throw EngineFailure(
                .badRequest,
                "client version \(text.dropFirst()) is too old. Minimum supported API version is "
                    + "\(EngineService.oldestVersion), please upgrade your client to a newer "
                    + "version"
            )
        }
    }

    private static func minorOf(_ version: String) -> UInt16 {
        version.split(separator: ".").last.flatMap { UInt16($0) } ?? 0
    }
}

extension HTTPRequest {
    /// A place of the path.
    func place(_ name: String) -> String { parameters[name] ?? "" }

    /// Whether a parameter of the query is set.
    func isSet(_ name: String) -> Bool {
        ["1", "true", "True"].contains(query(name) ?? "")
    }

    /// The body, a JSON document; an empty object for none.
    func document() async throws -> JSON {
        let bytes = try await body.collect()
        guard !bytes.isEmpty else { return [:] }
        do {
            return try JSON(parsing: bytes)
        } catch {
            throw EngineFailure(.badRequest, "the body is no JSON: \(error)")
        }
    }
}
