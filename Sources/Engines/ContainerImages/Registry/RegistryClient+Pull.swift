// SPDX-License-Identifier: Apache-2.0

/// An image that lies in a store, whole.
public struct PulledImage: Hashable, Sendable {
    /// What the reference named: a manifest, or an index of which one platform was fetched.
    public let root: Descriptor
    /// The platform's manifest.
    public let manifest: Descriptor
}

extension RegistryClient {
    /// Fetches the image of a platform, and names it in the store.
    ///
    /// Content that is there is not fetched again; what was cut off goes on where it stopped, here
    /// and in a later pull. The name is set when all is there.
    ///
    /// - Throws: ``ImageFailure``; whatever came whole stays in the store.
    @discardableResult
    public func pull(
        into store: ContentStore, platform: Platform = .current,
        progress: @Sendable @escaping (RegistryProgress) -> Void = { _ in }
    ) async throws(ImageFailure) -> PulledImage {
        let name = reference.digest?.description ?? reference.tag ?? ImageReference.usualTag
        let root = try await document(name)
        var current = root
        var depth = 0
        while MediaType.isIndex(current.descriptor.mediaType) {
            guard depth < ImageLimits.indexDepthMax else {
                throw .tooLarge(
                    "indexes inside one another", limit: Int64(ImageLimits.indexDepthMax))
            }
            depth += 1
            let index = try ImageIndex(
                bytes: current.bytes, mediaType: current.descriptor.mediaType)
            _ = try store.put(current.bytes, mediaType: current.descriptor.mediaType)
            let next = try index.manifest(for: platform)
            current = try await document(next.digest.description, expecting: next)
        }
        let manifest = try ImageManifest(
            bytes: current.bytes, mediaType: current.descriptor.mediaType)
        try await fetch(manifest, into: store, progress)
        let configuration = try ImageConfiguration(
            bytes: store.read(
                manifest.configuration.digest, bytesMax: ImageLimits.configurationBytesMax))
        guard configuration.layers.count == manifest.layers.count else {
            throw .badDocument(
                "configuration",
                reason: "\(configuration.layers.count) diff_ids for \(manifest.layers.count) layers"
            )
        }
        _ = try store.put(current.bytes, mediaType: current.descriptor.mediaType)
        try store.setTarget(of: reference.description, to: root.descriptor)
        return PulledImage(root: root.descriptor, manifest: current.descriptor)
    }

    // A few at a time, each name once: the configuration and the layers.
    private func fetch(
        _ manifest: ImageManifest, into store: ContentStore,
        _ progress: @Sendable @escaping (RegistryProgress) -> Void
    ) async throws(ImageFailure) {
        guard manifest.configuration.size <= Int64(ImageLimits.configurationBytesMax) else {
            throw .tooLarge("configuration", limit: Int64(ImageLimits.configurationBytesMax))
        }
        var seen: Set<ContentDigest> = []
        var waiting: [Descriptor] = []
        for content in [manifest.configuration] + manifest.layers
        where seen.insert(content.digest).inserted { waiting.append(content) }
        for layer in manifest.layers where !MediaType.isLayer(layer.mediaType) {
            throw .badDocument("manifest", reason: "a layer of the media type \(layer.mediaType)")
        }
        let failure = await withTaskGroup(
            of: ImageFailure?.self, returning: ImageFailure?.self
        ) { group in
            var next = waiting.makeIterator()
            func start() {
                guard let content = next.next() else { return }
                group.addTask {
                    do throws(ImageFailure) {
                        try await fetch(content, into: store, progress)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            for _ in 0..<max(1, options.parallel) { start() }
            for await failure in group {
                if let failure {
                    group.cancelAll()
                    return failure
                }
                start()
            }
            return nil
        }
        if let failure { throw failure }
    }

    /// Fetches content, in several tries where the connection breaks.
    private func fetch(
        _ content: Descriptor, into store: ContentStore,
        _ progress: @Sendable (RegistryProgress) -> Void
    ) async throws(ImageFailure) {
        if let size = store.size(of: content.digest), size == content.size {
            return progress(.present(content.digest))
        }
        var pause = options.pauseMilliseconds
        var attempt = 1
        while true {
            do throws(ImageFailure) {
                try await attemptFetch(content, into: store, progress)
                return progress(.done(content.digest))
            } catch {
                guard error.isPassing, attempt < options.tries, !Task.isCancelled else {
                    throw error
                }
                await access.pause(milliseconds: pause)
                pause *= 2
                attempt += 1
            }
        }
    }

    private func attemptFetch(
        _ content: Descriptor, into store: ContentStore,
        _ progress: (RegistryProgress) -> Void
    ) async throws(ImageFailure) {
        let writer = try ContentWriter(into: store, content)
        if writer.count < content.size || content.size == 0 {
            var request = RegistryRequest("GET", address("blobs/\(content.digest)"))
            if writer.count > 0 { request.fields.append(("range", "bytes=\(writer.count)-")) }
            let answer = try await access.send(request, scope: pullScope)
            switch answer.status {
            case 206 where Self.begins(answer, at: writer.count): break
            // A registry without ranges, or one that begins elsewhere, gives all again.
            case 200: try writer.restart()
            case 206, 416:
                await answer.close()
                try writer.restart()
                throw .registry("\(access.base) gave another range than was asked for")
            default: throw await answer.refusal(content.digest.description)
            }
            do throws(ImageFailure) {
                try await copy(answer, to: writer, progress)
            } catch {
                await answer.close()
                throw error
            }
        }
        try writer.finish()
    }

    private func copy(
        _ answer: any RegistryAnswer, to writer: ContentWriter,
        _ progress: (RegistryProgress) -> Void
    ) async throws(ImageFailure) {
        while true {
            let piece = try await answer.next()
            if piece.isEmpty { break }
            try writer.append(piece)
            progress(
                .moved(
                    writer.descriptor.digest, done: writer.count, of: writer.descriptor.size))
        }
        guard writer.count == writer.descriptor.size else {
            throw .registry("\(access.base) ended after \(writer.count) bytes")
        }
    }

    private static func begins(_ answer: any RegistryAnswer, at place: Int64) -> Bool {
        answer.field("content-range")?.hasPrefix("bytes \(place)-") ?? false
    }
}

extension ImageFailure {
    /// Whether the same may go well a moment later.
    var isPassing: Bool {
        switch self {
        case .registry: true
        case .refused(let status, _): status == 429 || status >= 500
        // What came was not what was asked for; it is gone, and another try begins anew.
        case .wrongDigest: true
        default: false
        }
    }
}
