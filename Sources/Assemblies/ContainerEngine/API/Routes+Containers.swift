// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

// Containers: made, looked at, begun, ended, removed.

extension Routes {
    mutating func addContainers() {
        on(.post, "/containers/create") { engine, request in
            let container = try await engine.create(
                try await request.document(), name: request.query("name"))
            return .json(.created, ["Id": JSON(container.id), "Warnings": []])
        }
        on(.get, "/containers/json") { engine, request in
            .json(
                .ok,
                try await engine.listing(
                    try ListFilters(request), all: request.isSet("all"),
                    limit: request.query("limit").flatMap { Int($0) } ?? 0,
                    withSizes: request.isSet("size")))
        }
        on(.get, "/containers/{name}/json") { engine, request in
            .json(.ok, try await engine.inspection(request.place("name")))
        }
        on(.post, "/containers/{name}/start") { engine, request in
            HTTPResponse(try await engine.start(request.place("name")) ? .noContent : .notModified)
        }
        on(.post, "/containers/{name}/stop") { engine, request in
            let isStopped = try await engine.stop(
                request.place("name"), seconds: request.query("t").flatMap { Int64($0) },
                signal: request.query("signal"))
            return HTTPResponse(isStopped ? .noContent : .notModified)
        }
        on(.post, "/containers/{name}/restart") { engine, request in
            let name = request.place("name")
            _ = try await engine.stop(
                name, seconds: request.query("t").flatMap { Int64($0) },
                signal: request.query("signal"))
            _ = try await engine.start(name)
            await engine.noteRestart(name)
            return HTTPResponse(.noContent)
        }
        on(.post, "/containers/{name}/kill") { engine, request in
            try await engine.kill(
                request.place("name"), signal: request.query("signal") ?? "KILL")
            return HTTPResponse(.noContent)
        }
        on(.delete, "/containers/{name}") { engine, request in
            try await engine.remove(
                request.place("name"), isForced: request.isSet("force"),
                withVolumes: request.isSet("v"))
            return HTTPResponse(.noContent)
        }
    }
}
