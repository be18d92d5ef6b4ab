// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import ImageBuilder
import JSONText
import Vocabulary

/// What a client asks of an image that is made of a container.
struct Commit: Sendable {
    let comment: String
    let author: String
    /// Instructions of a Dockerfile.
    let changes: [String]
    /// Whether a container that runs stands still meanwhile.
    let pauses: Bool
    /// Settings that take the place of the container's.
    let settings: JSON
}

extension Engine {
    /// Builds an image and gives it its names.
    func build(
        _ options: BuildOptions, in folder: String, _ machine: EngineBuildMachine,
        tell: @escaping ImageBuild.Tell
    ) async throws(BuildFailure) -> BuiltImage {
        let places = buildPlaces
        let effects = effects
        return try await transferring { () async throws(BuildFailure) in
            let context = await effects.workers.run { () -> Result<BuildContext, BuildFailure> in
                do throws(BuildFailure) {
                    return .success(try BuildContext(folder, dockerfile: options.dockerfile))
                } catch {
                    return .failure(error)
                }
            }
            let image = try await ImageBuild(
                options.request, try context.get(), places, machine, effects, tell: tell
            ).make()
            do throws(EngineFailure) {
                try await self.name(
                    image.manifest, image.configuration.digest, as: options.names)
            } catch {
                throw BuildFailure(error.message)
            }
            return image
        }
    }

    /// Makes an image of a container: its image's layers and one of what it wrote.
    ///
    /// - Returns: The digest of the image's configuration.
    func commit(
        _ name: String, as reference: ImageReference?, _ commit: Commit
    ) async throws(EngineFailure) -> ContentDigest {
        let container = try container(name)
        let manifest = container.manifest
        let content = content
        let image = try EngineFailure.reading { () throws(ImageFailure) in
            try StoredImage(manifest, in: content, platform: .current)
        }
        let folder = "\(settings.root)/\(container.folder)/upper"
        var options = PackingOptions()
        options.leavesOut = EngineBuildMachine.mountPoints
        options.leavesOutEmpty = ["etc"]
        let packing = options
        let isPaused = commit.pauses && container.status == .running
        if isPaused { try await runtime.run(["pause", container.runtimeName]) }
        fetches += 1
        defer { fetches -= 1 }
        let packed = await effects.workers.run { () -> Result<PackedLayer, ImageFailure> in
            do throws(ImageFailure) {
                // One that never began has written nothing.
                try LayerMount.makeFolder(folder)
                return .success(try LayerPacking.pack(folder, into: content, options: packing))
            } catch {
                return .failure(error)
            }
        }
        if isPaused { try await runtime.run(["resume", container.runtimeName]) }
        return try finish(
            commit, try EngineFailure.reading { () throws(ImageFailure) in try packed.get() },
            container, image, reference)
    }

    private func finish(
        _ commit: Commit, _ layer: PackedLayer, _ container: EngineContainer,
        _ image: StoredImage, _ reference: ImageReference?
    ) throws(EngineFailure) -> ContentDigest {
        var configuration = image.configuration
        configuration.beginAnew()
        configuration.setCreated(now.utc)
        if !commit.author.isEmpty { configuration.setAuthor(commit.author) }
        // What the client said when it made the container, then what it says now.
        for settings in [container.body, commit.settings] {
            for name in ImageChanges.settings {
                guard let value = settings[name], !ImageChanges.isEmpty(value) else { continue }
                configuration[name] = value
            }
        }
        do throws(BuildFailure) {
            configuration = try ImageChanges.apply(commit.changes, to: configuration)
        } catch {
            throw EngineFailure(.badRequest, error.reason)
        }
        configuration.add(
            layer: layer.digest,
            createdBy: commit.comment.isEmpty
                ? container.arguments.joined(separator: " ") : commit.comment,
            at: now.utc)
        let made = configuration
        let (descriptor, manifest) = try EngineFailure.reading { () throws(ImageFailure) in
            let described = try content.put(made.bytes, mediaType: MediaType.configuration)
            let manifest = ImageManifest(
                configuration: described,
                layers: image.documents.layers.map(\.inOCIWords) + [layer.descriptor])
            return (described, try content.put(manifest.bytes, mediaType: MediaType.manifest))
        }
        try name(manifest, descriptor.digest, as: reference.map { [$0] } ?? [])
        return descriptor.digest
    }
}
