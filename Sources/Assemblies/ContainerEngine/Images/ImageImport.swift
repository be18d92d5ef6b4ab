// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import HTTPServer
import JSONText

extension Engine {
    /// Makes an image of one layer, of an archive that a client sends.
    ///
    /// - Returns: The digest of its configuration.
    func importImage(
        _ body: HTTPRequestBody, as reference: ImageReference?, changes: [String]
    ) async throws -> ContentDigest {
        guard changes.isEmpty else { throw EngineFailure.unsupported("import with changes") }
        fetches += 1
        defer { fetches -= 1 }
        do {
            let layer = try LayerImport(into: content)
            while let bytes = try await body.next() { try layer.append(bytes) }
            let (stored, digest) = try layer.finish()
            var configuration = ImageConfiguration()
            configuration.setCreated(now.utc)
            configuration.add(layer: digest, createdBy: "import", at: now.utc)
            let described = try content.put(
                configuration.bytes, mediaType: MediaType.configuration)
            let manifest = ImageManifest(configuration: described, layers: [stored])
            let root = try content.put(manifest.bytes, mediaType: MediaType.manifest)
            if let reference { try content.setTarget(of: reference.description, to: root) }
            note(
                .image, "import", described.digest.description,
                ["name": JSON(reference?.familiar ?? described.digest.description)])
            return described.digest
        } catch let failure as ImageFailure {
            throw EngineFailure(failure)
        }
    }
}
