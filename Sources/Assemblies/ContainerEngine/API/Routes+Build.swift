// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import HTTPServer
import ImageBuilder
import JSONText

// Images are made: by Dockerfiles, and of containers.

extension Routes {
    mutating func addBuilds() {
        on(.post, "/build", bodyBytesMax: BuildUpload.bytesMax) { engine, request in
            let options = try BuildOptions(request)
            let credential = try request.registryCredentials()
            let upload = try await BuildUpload(request.body, engine)
            return Self.stream { writer in
                let lines = BuildLines(writer: writer, isQuiet: options.isQuiet)
                do throws(BuildFailure) {
                    let image = try await engine.build(
                        options, in: upload.folder,
                        EngineBuildMachine(engine: engine, credential: credential)
                    ) { (news) throws(BuildFailure) in try await lines.tell(news) }
                    await upload.end()
                    try await lines.finish(image, names: options.names.map(\.familiar))
                } catch {
                    await upload.end()
                    try? await lines.fail(error)
                }
            }
        }
        on(.post, "/build/prune") { engine, request in
            .json(.ok, try await engine.pruneBuilds(olderThan: 0))
        }
        on(.post, "/commit") { engine, request in
            let changes = request.head.queryItems.filter { $0.name == "changes" }.map(\.value)
            let name = try request.query("repo").flatMap { $0.isEmpty ? nil : $0 }
                .map { try Self.reference($0, tag: request.query("tag")) }
            let digest = try await engine.commit(
                request.query("container") ?? "", as: name,
                Commit(
                    comment: request.query("comment") ?? "",
                    author: request.query("author") ?? "", changes: changes,
                    pauses: request.query("pause") != "0" && request.query("pause") != "false",
                    settings: try await request.document()))
            return .json(.created, ["Id": JSON(digest.description)])
        }
    }
}
