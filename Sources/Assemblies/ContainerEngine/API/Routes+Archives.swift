// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import JSONText

// Images leave and come: as archives, and to registries.

extension Routes {
    mutating func addArchives() {
        on(.get, "/images/get") { engine, request in
            let names = request.head.queryItems.filter { $0.name == "names" }
                .flatMap { $0.value.split(separator: ",").map(String.init) }
            return try await Self.archive(names, engine)
        }
        on(.get, "/images/search") { _, _ in throw EngineFailure.unsupported("image search") }
        on(.post, "/images/load", bodyBytesMax: BuildUpload.bytesMax) { engine, request in
            let upload = try await BuildUpload(request.body, engine)
            do {
                let loaded = try await engine.load(upload.folder)
                await upload.end()
                return .json(Array(loaded.map { Self.line(["stream": JSON($0)]) }.joined().utf8))
            } catch {
                await upload.end()
                throw error
            }
        }
    }

    /// The archive of some images, made as it is sent.
    static func archive(_ names: [String], _ engine: Engine) async throws -> HTTPResponse {
        guard !names.isEmpty else { throw EngineFailure(.badRequest, "no image is named") }
        let archive = try await engine.archive(names)
        return stream(type: "application/x-tar") { writer in
            while true {
                let piece = try await engine.effects.workers.run {
                    Result { () throws(ImageFailure) in try archive.next() }
                }.get()
                guard let piece else { break }
                try await writer.write(piece)
            }
        }
    }

    /// Stores an image at its registry, telling what goes.
    static func push(
        _ name: String, _ request: HTTPRequest, _ engine: Engine
    ) async throws -> HTTPResponse {
        let reference = try reference(name, tag: request.query("tag"))
        let credential = try credential(request)
        return stream { writer in
            let lines = PullLines(writer, new: "Pushed", known: "Layer already exists")
            try await writer.write(
                line([
                    "status": JSON(
                        "The push refers to repository [\(reference.name)]")
                ]))
            do {
                let pushed = try await engine.push(reference, credential: credential) {
                    lines.note($0)
                }
                try await lines.finish()
                let tag = reference.tag ?? ""
                try await writer.write(
                    line([
                        "status": JSON("\(tag): digest: \(pushed.digest) size: \(pushed.size)")
                    ])
                        + line([
                            "progressDetail": [:],
                            "aux": [
                                "Tag": JSON(tag), "Digest": JSON(pushed.digest.description),
                                "Size": JSON(pushed.size),
                            ],
                        ]))
            } catch let failure as EngineFailure {
                try await writer.write(failureLine(failure.message))
            }
        }
    }

    /// The last line of a stream that did not come to its end.
    static func failureLine(_ message: String) -> String {
        line(["errorDetail": ["message": JSON(message)], "error": JSON(message)])
    }

    /// A line of a stream of JSON.
    static func line(_ json: JSON) -> String {
        var writer = JSONWriter()
        writer.value(json)
        return writer.text + "\n"
    }
}
