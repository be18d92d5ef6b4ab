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
            .json(
                .ok,
                try await engine.container(request.place("name"))
                    .inspection(below: engine.settings.root))
        }
        on(.post, "/containers/{name}/start") { engine, request in
            HTTPResponse(try await engine.start(request.place("name")) ? .noContent : .notModified)
        }
        on(.post, "/containers/{name}/stop") { engine, request in
            let seconds = request.query("t").flatMap { UInt64($0) } ?? 10
            let isStopped = try await engine.stop(
                request.place("name"), seconds: seconds, signal: request.query("signal") ?? "TERM")
            return HTTPResponse(isStopped ? .noContent : .notModified)
        }
        on(.post, "/containers/{name}/restart") { engine, request in
            let seconds = request.query("t").flatMap { UInt64($0) } ?? 10
            _ = try await engine.stop(
                request.place("name"), seconds: seconds, signal: request.query("signal") ?? "TERM")
            _ = try await engine.start(request.place("name"))
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
