// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

// Networks.

extension Routes {
    mutating func addNetworks() {
        on(.get, "/networks") { engine, request in
            .json(.ok, try await engine.board.listing(try ListFilters(request)))
        }
        on(.post, "/networks/create") { engine, request in
            let network = try await engine.createNetwork(try await request.document())
            return .json(.created, ["Id": JSON(network.id), "Warning": ""])
        }
        on(.post, "/networks/prune") { engine, request in
            .json(.ok, try await engine.pruneNetworks(try ListFilters(request)))
        }
        on(.get, "/networks/{name}") { engine, request in
            .json(.ok, try await engine.board.inspection(request.place("name")))
        }
        on(.delete, "/networks/{name}") { engine, request in
            try await engine.removeNetwork(request.place("name"))
            return HTTPResponse(.noContent)
        }
        on(.post, "/networks/{name}/connect") { engine, request in
            try await engine.connect(request.place("name"), try await request.document())
            return HTTPResponse(.ok)
        }
        on(.post, "/networks/{name}/disconnect") { engine, request in
            try await engine.disconnect(request.place("name"), try await request.document())
            return HTTPResponse(.ok)
        }
    }
}
