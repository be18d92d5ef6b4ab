// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import HTTPServer
import JSONText

// Images.

extension Routes {
    mutating func addImages() {
        on(.get, "/images/json") { engine, request in
            .json(.ok, try await engine.imageListing(try ListFilters(request)))
        }
        on(.post, "/images/prune") { engine, request in
            .json(.ok, try await engine.pruneImages(try ListFilters(request)))
        }
        on(.post, "/images/create", bodyBytesMax: UInt64(ImageLimits().layerBytes)) {
            engine, request in
            try await Self.create(request, engine)
        }
        // Names have slashes, so what follows a name is found from the end.
        on(.get, "/images/{rest...}") { engine, request in
            let rest = request.place("rest")
            if let name = Self.name(rest, before: "/json") {
                return .json(.ok, try await engine.image(name).inspection(named: name))
            }
            if let name = Self.name(rest, before: "/history") {
                return .json(.ok, try await engine.image(name).history)
            }
            if let name = Self.name(rest, before: "/get") {
                return try await Self.archive([name], engine)
            }
            throw EngineFailure(.notFound, "page not found")
        }
        on(.post, "/images/{rest...}") { engine, request in
            if let name = Self.name(request.place("rest"), before: "/push") {
                return try await Self.push(name, request, engine)
            }
            guard let name = Self.name(request.place("rest"), before: "/tag"),
                let repository = request.query("repo")
            else { throw EngineFailure(.notFound, "page not found") }
            try await engine.tag(
                name, as: try Self.reference(repository, tag: request.query("tag")))
            return HTTPResponse(.created)
        }
        on(.delete, "/images/{rest...}") { engine, request in
            .json(
                .ok,
                .array(
                    try await engine.removeImage(
                        request.place("rest"), isForced: request.isSet("force"))))
        }
    }

    /// Takes an image in: from a registry, or as an archive of files.
    private static func create(
        _ request: HTTPRequest, _ engine: Engine
    ) async throws -> HTTPResponse {
        if request.query("fromSrc") == "-" {
            let reference = try request.query("repo").flatMap { $0.isEmpty ? nil : $0 }
                .map { try Self.reference($0, tag: request.query("tag")) }
            let changes = request.head.queryItems.filter { $0.name == "changes" }.map(\.value)
            let digest = try await engine.importImage(
                request.body, as: reference, changes: changes)
            return .json(Array(Self.line(["status": JSON("\(digest)")]).utf8))
        }
        guard let name = request.query("fromImage") else {
            throw EngineFailure.unsupported("import")
        }
        let reference = try Self.reference(name, tag: request.query("tag"))
        let credential = try Self.credential(request)
        return Self.stream { writer in
            let lines = PullLines(writer)
            do {
                let pulled = try await engine.pull(reference, credential: credential) {
                    lines.note($0)
                }
                try await lines.finish()
                try await writer.write(
                    Self.line(["status": JSON("Digest: \(pulled.root.digest)")])
                        + Self.line([
                            "status": JSON(
                                "Status: Downloaded newer image for \(reference.familiar)")
                        ]))
            } catch let failure as EngineFailure {
                try await writer.write(Self.failureLine(failure.message))
            }
        }
    }

    private static func name(_ rest: String, before ending: String) -> String? {
        rest.hasSuffix(ending) ? String(rest.dropLast(ending.utf8.count)) : nil
    }

    static func reference(
        _ name: String, tag: String?
    ) throws(EngineFailure) -> ImageReference {
        do throws(ImageFailure) {
            guard let tag, !tag.isEmpty else { return try ImageReference(name) }
            return try ImageReference(name + (tag.contains(":") ? "@" : ":") + tag)
        } catch {
            throw EngineFailure(error)
        }
    }

    /// The name and password that a client sends with a request, as JSON in base64.
    static func credential(
        _ request: HTTPRequest
    ) throws(EngineFailure) -> RegistryCredential? {
        guard let text = request.fields["x-registry-auth"], !text.isEmpty else { return nil }
        guard let bytes = Base64.decoded(text),
            let json = try? JSON(parsing: bytes)
        else { throw EngineFailure(.badRequest, "X-Registry-Auth is no JSON in base64") }
        guard let user = json["username"]?.text, let password = json["password"]?.text,
            !user.isEmpty
        else { return nil }
        return RegistryCredential(user: user, password: password)
    }
}

extension StoredImage {
    private var id: String { documents.configuration.digest.description }

    func line(names: [String]) -> JSON {
        [
            "Id": JSON(id), "ParentId": "", "RepoTags": .array(names.map { JSON($0) }),
            "RepoDigests": [], "Created": 0, "Size": JSON(bytes), "SharedSize": -1,
            "Containers": -1, "Labels": configuration["Labels"] ?? [:],
        ]
    }

    func inspection(named name: String) -> JSON {
        [
            "Id": JSON(id), "RepoTags": [JSON(Engine.familiar(name))], "RepoDigests": [],
            "Created": configuration.json["created"] ?? "",
            "Os": JSON(configuration.platform.system),
            "Architecture": JSON(configuration.platform.architecture), "Size": JSON(bytes),
            "Config": configuration.json["config"] ?? [:],
            "RootFS": [
                "Type": "layers",
                "Layers": .array(configuration.layers.map { JSON($0.description) }),
            ],
        ]
    }

    var history: JSON {
        let lines = configuration.json["history"]?.elements ?? []
        return .array(
            lines.reversed().map { line in
                [
                    "Id": "<missing>", "Created": 0, "CreatedBy": line["created_by"] ?? "",
                    "Tags": .null, "Size": 0, "Comment": line["comment"] ?? "",
                ]
            })
    }
}
