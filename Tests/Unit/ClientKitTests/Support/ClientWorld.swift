// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText
import TestSupport
import Testing
import Vocabulary

@testable import ClientKit

/// The real world, with a server that answers as a test says.
typealias ClientWorld = LoopWorld

extension LoopWorld {
    /// Runs `body` with a client of a server that has these routes.
    func serve<Value: Sendable>(
        _ router: Router, _ body: @escaping @Sendable (GatewayClient) async throws -> Value
    ) async throws -> Value {
        try await run { effects in
            let service = HTTPService(
                effects: effects, endpoint: Endpoint(host: "127.0.0.1", port: 0), router: router)
            try await service.start()
            let address = try #require(HTTPAddress(endpoint: service.endpoint))
            let client = GatewayClient(address: address, effects: effects)
            do {
                let value = try await body(client)
                await client.close()
                await service.stop(graceMilliseconds: 50)
                return value
            } catch {
                await client.close()
                await service.stop(graceMilliseconds: 0)
                throw error
            }
        }
    }
}

extension Router {
    /// A route that always answers with one JSON value.
    static func answering(_ pattern: RoutePattern, _ json: JSON) -> Router {
        var router = Router()
        router.get(pattern) { _ in .json(json.bytes) }
        return router
    }

    /// A route that always answers with a problem.
    static func refusing(_ pattern: RoutePattern, _ problem: Problem) -> Router {
        var router = Router()
        router.get(pattern) { _ in throw problem }
        return router
    }
}

/// The failure of a call, or nothing when it succeeded.
func failing<Value>(
    of body: () async throws(ClientFailure) -> Value
) async -> ClientFailure? {
    do throws(ClientFailure) {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}
