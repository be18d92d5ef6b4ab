// SPDX-License-Identifier: Apache-2.0

extension RegistryClient {
    /// Stores an image at the registry: what it is made of first, then its manifest, so that a name
    /// never leads to something that is not whole.
    ///
    /// Content that the registry has is not sent again.
    ///
    /// - Parameter root: The manifest or index in the store. Of an index, all of it is sent.
    /// - Throws: ``ImageFailure``, ``ImageFailure/notFound(_:)`` when the store lacks a part.
    public func push(
        _ root: Descriptor, from store: ContentStore,
        progress: @Sendable @escaping (RegistryProgress) -> Void = { _ in }
    ) async throws(ImageFailure) {
        let name = reference.tag ?? root.digest.description
        try await push(root, as: name, depth: 0, from: store, progress)
    }

    private func push(
        _ root: Descriptor, as name: String, depth: Int, from store: ContentStore,
        _ progress: @Sendable @escaping (RegistryProgress) -> Void
    ) async throws(ImageFailure) {
        guard depth <= ImageLimits.indexDepthMax else {
            throw .tooLarge("indexes inside one another", limit: Int64(ImageLimits.indexDepthMax))
        }
        let bytes = try store.read(root.digest, bytesMax: ImageLimits.manifestBytesMax)
        if MediaType.isIndex(root.mediaType) {
            for child in try ImageIndex(bytes: bytes, mediaType: root.mediaType).manifests {
                try await push(
                    child, as: child.digest.description, depth: depth + 1, from: store, progress)
            }
        } else {
            let manifest = try ImageManifest(bytes: bytes, mediaType: root.mediaType)
            for content in manifest.layers + [manifest.configuration] {
                try await upload(content, from: store, progress)
            }
        }
        let answer = try await access.send(
            RegistryRequest(
                "PUT", address("manifests/\(name)"),
                fields: [("content-type", root.mediaType)], body: .bytes(bytes)),
            scope: pushScope)
        guard answer.status == 201 else { throw await answer.refusal(reference.description) }
        await answer.close()
        progress(.done(root.digest))
    }

    private func upload(
        _ content: Descriptor, from store: ContentStore,
        _ progress: (RegistryProgress) -> Void
    ) async throws(ImageFailure) {
        let there = try await access.send(
            RegistryRequest("HEAD", address("blobs/\(content.digest)")), scope: pushScope)
        await there.close()
        if there.status == 200 { return progress(.present(content.digest)) }
        guard let size = store.size(of: content.digest) else {
            throw .notFound(content.digest.description)
        }
        guard size == content.size else {
            throw .wrongSize(content.digest, expected: content.size, found: size)
        }
        let begun = try await access.send(
            RegistryRequest("POST", address("blobs/uploads/")), scope: pushScope)
        guard begun.status == 202, let field = begun.field("location"),
            let location = AddressText.resolve(field, from: address("blobs/uploads/"))
        else { throw await begun.refusal("an upload to \(reference.name)") }
        await begun.close()
        // The session's address is the registry's own: elsewhere no credential would go along.
        guard AddressText.origin(location) == AddressText.origin(access.base + "/") else {
            throw .registry("\(access.base) sends uploads elsewhere")
        }
        let answer = try await access.send(
            RegistryRequest(
                "PUT", AddressText.adding("digest", content.digest.description, to: location),
                fields: [("content-type", "application/octet-stream")],
                body: .file(path: store.path(of: content.digest), size: size)),
            scope: pushScope)
        guard answer.status == 201 else { throw await answer.refusal(content.digest.description) }
        await answer.close()
        progress(.done(content.digest))
    }
}
