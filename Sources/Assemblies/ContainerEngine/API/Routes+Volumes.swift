// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

// Volumes (ENGINE-8).

extension Routes {
    mutating func addVolumes() {
        on(.get, "/volumes") { engine, request in
            let filters = try ListFilters(request)
            return .json(.ok, try await engine.volumeListing(filters))
        }
        on(.post, "/volumes/create") { engine, request in
            let volume = try await engine.createVolume(try await request.document())
            return .json(.created, volume.inspection(below: engine.settings.root))
        }
        on(.post, "/volumes/prune") { engine, request in
            .json(.ok, try await engine.pruneVolumes(try ListFilters(request)))
        }
        on(.get, "/volumes/{name}") { engine, request in
            .json(
                .ok,
                try await engine.volume(request.place("name"))
                    .inspection(below: engine.settings.root))
        }
        on(.delete, "/volumes/{name}") { engine, request in
            try await engine.removeVolume(
                request.place("name"), isForced: request.isSet("force"))
            return HTTPResponse(.noContent)
        }
    }
}

extension Engine {
    /// The volumes that filters let pass, in order of their names.
    func volumeListing(_ filters: ListFilters) throws(EngineFailure) -> JSON {
        try filters.check(["name", "label", "label!", "dangling", "driver"])
        let dangling = filters["dangling"].map { ["1", "true"].contains($0) }.first
        let shown = volumes.values.filter { volume in
            filters.allows("name") { volume.name.contains($0) }
                && filters.allows("driver") { $0 == "local" }
                && filters.matches(labels: volume.labels)
                && (dangling.map { $0 == users(of: volume.name).isEmpty } ?? true)
        }
        return [
            "Volumes": .array(
                shown.sorted { $0.name < $1.name }.map { $0.inspection(below: settings.root) }),
            "Warnings": .null,
        ]
    }
}
