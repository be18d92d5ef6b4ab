// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText

// What containers use, and how they are changed while they run.

extension Routes {
    /// How far samples of a stream lie apart.
    private static let samplePauseMilliseconds: UInt64 = 1_000

    mutating func addUsage() {
        on(.get, "/containers/{name}/stats") { engine, request in
            let container = try await engine.container(request.place("name"))
            let streams = request.query("stream").map { ["1", "true"].contains($0) } ?? true
            guard streams else {
                return .json(
                    .ok,
                    try await Self.sample(
                        container, engine, isAlone: request.isSet("one-shot")))
            }
            let presence = Presence()
            return Self.live(request, engine.effects, gone: { presence.leave() }) { writer in
                try await Self.samples(container, engine, writer, presence)
            }
        }
        on(.get, "/containers/{name}/top") { engine, request in
            .json(
                .ok,
                try await engine.processes(request.place("name"), words: request.query("ps_args")))
        }
        on(.get, "/containers/{name}/changes") { engine, request in
            .json(.ok, try await engine.changes(request.place("name")))
        }
        on(.post, "/containers/{name}/pause") { engine, request in
            try await engine.pause(request.place("name"))
            return HTTPResponse(.noContent)
        }
        on(.post, "/containers/{name}/unpause") { engine, request in
            try await engine.unpause(request.place("name"))
            return HTTPResponse(.noContent)
        }
        on(.post, "/containers/{name}/rename") { engine, request in
            try await engine.rename(request.place("name"), to: request.query("name") ?? "")
            return HTTPResponse(.noContent)
        }
        on(.post, "/containers/{name}/update") { engine, request in
            try await engine.update(request.place("name"), try await request.document())
            return .json(.ok, ["Warnings": .null])
        }
        on(.post, "/containers/prune") { engine, request in
            .json(.ok, try await engine.pruneContainers(try ListFilters(request)))
        }
        on(.get, "/system/df") { engine, _ in .json(.ok, try await engine.diskUsage()) }
    }

    private static func sample(
        _ container: EngineContainer, _ engine: Engine, isAlone: Bool
    ) async throws -> JSON {
        guard let first = try await engine.usage(container.id) else {
            return UsageSample.silence(container)
        }
        if isAlone { return first.report(container, after: nil) }
        await engine.effects.time.sleep(milliseconds: samplePauseMilliseconds)
        guard let second = try await engine.usage(container.id) else {
            return UsageSample.silence(container)
        }
        return second.report(container, after: first)
    }

    private static func samples(
        _ container: EngineContainer, _ engine: Engine, _ writer: HTTPBodyWriter,
        _ presence: Presence
    ) async throws {
        var before: UsageSample?
        while presence.isHere {
            // A container that is removed ends the stream, one that is stopped does not.
            guard let current = try? await engine.container(container.id) else { return }
            let sample = try await engine.usage(current.id)
            var text = JSONWriter()
            text.value(
                sample?.report(current, after: before) ?? UsageSample.silence(current))
            try await writer.write(text.text + "\n")
            before = sample
            await engine.effects.time.sleep(milliseconds: samplePauseMilliseconds)
        }
    }
}
