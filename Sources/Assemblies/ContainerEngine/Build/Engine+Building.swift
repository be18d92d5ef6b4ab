// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import ImageBuilder
import JSONText
import Vocabulary

// What builds need of the engine.

extension Engine {
    /// The label of containers that run steps of builds: those of an engine that was killed are
    /// removed by the next one.
    static let buildLabel = "atoll.build"
    static let buildFolder = "build"

    nonisolated var buildPlaces: BuildPlaces {
        BuildPlaces(
            content: content, layers: layers, cache: buildCache,
            scratch: "\(settings.root)/\(Self.buildFolder)/work")
    }

    nonisolated var buildCache: BuildCache {
        BuildCache(effects.disk, folder: "\(Self.buildFolder)/steps")
    }

    /// A client of the registry that a name says.
    nonisolated func registry(
        _ reference: ImageReference, _ credential: RegistryCredential?
    ) throws(EngineFailure) -> RegistryClient {
        let root = settings.root
        var options = RegistryOptions()
        if settings.authorities != nil { options.isPlain = false }
        let transport = try EngineFailure.reading { () throws(ImageFailure) in
            try HTTPRegistryTransport(effects, authorities: settings.authorities) { path in
                String(path.dropFirst(root.utf8.count + 1))
            }
        }
        return RegistryClient(reference, transport, credential: credential, options: options)
    }

    /// Takes away what builds of an engine that was killed left: mounts, uploads, containers.
    func clearBuilds() async {
        let work = "\(Self.buildFolder)/work"
        for name in (try? await effects.disk.list(work)) ?? [] {
            try? LayerMount.unmount("\(settings.root)/\(work)/\(name)/rootfs")
        }
        for folder in ["work", "contexts"] {
            try? FolderRemoval.remove("\(settings.root)/\(Self.buildFolder)/\(folder)")
            try? await effects.disk.createFolder("\(Self.buildFolder)/\(folder)")
        }
        for container in containers.values
        where container.body["Labels"]?[Self.buildLabel] != nil {
            try? await remove(container.id, isForced: true)
        }
    }

    /// An image of a name or id, for a platform.
    func image(_ name: String, for platform: Platform) throws(EngineFailure) -> StoredImage {
        let found = try image(name)
        return try EngineFailure.reading { () throws(ImageFailure) in
            try StoredImage(found.root, in: content, platform: platform)
        }
    }

    /// Makes a container for a step, with a client that will follow it and a gate at its end.
    func prepare(
        _ program: BuildProgram
    ) async throws(EngineFailure) -> (EngineContainer, WaitingClient, EndGate) {
        let digest = program.configuration.digest
        // A container knows its image from here on.
        nameless[digest] = program.image
        defer { nameless[digest] = nil }
        let container = try await create(
            [
                "Image": JSON(digest.description), "Entrypoint": [],
                "Cmd": .array(program.arguments.map { JSON($0) }),
                "Env": .array(program.variables.map { JSON($0) }),
                "Labels": .object([JSON.Member(Self.buildLabel, "step")]),
                "Healthcheck": ["Test": ["NONE"]],
                "HostConfig": ["NetworkMode": JSON(program.network.rawValue)],
            ], name: nil)
        let client = WaitingClient(.listen)
        let gate = EndGate()
        waiting[container.id, default: []].append(client)
        ends[container.id, default: []].append(gate)
        return (container, client, gate)
    }

    // MARK: Names

    /// What names an image that nobody gave a name: the digest of its configuration.
    static func isNameless(_ name: String) -> Bool {
        name.hasPrefix(ContentDigest.algorithm + ":")
    }

    /// Gives an image its names, or none but its digest.
    func name(
        _ manifest: Descriptor, _ configuration: ContentDigest, as names: [ImageReference]
    ) throws(EngineFailure) {
        try EngineFailure.reading { () throws(ImageFailure) in
            for name in names { try content.setTarget(of: name.description, to: manifest) }
            if names.isEmpty {
                try content.setTarget(of: configuration.description, to: manifest)
            }
        }
    }
}

extension EngineFailure {
    /// Makes calls about images whose failures are the engine's.
    static func reading<Value>(
        _ body: () throws(ImageFailure) -> Value
    ) throws(EngineFailure) -> Value {
        do throws(ImageFailure) {
            return try body()
        } catch {
            throw EngineFailure(error)
        }
    }
}
