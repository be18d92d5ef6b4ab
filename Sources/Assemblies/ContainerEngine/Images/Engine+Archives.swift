// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer

// Images as archives, and at registries.

extension Engine {
    /// The archive of some images by their names or ids.
    func archive(_ names: [String]) throws(EngineFailure) -> ImageArchive {
        var saved: [SavedImage] = []
        for name in names {
            let image = try image(name)
            let reference = (try? ImageReference(name)).flatMap { reference in
                (try? content.target(of: reference.description)) == nil ? nil : reference
            }
            let digest = image.documents.configuration.digest
            if let place = saved.firstIndex(where: {
                $0.image.documents.configuration.digest == digest
            }) {
                if let reference { saved[place].names.append(reference) }
            } else {
                saved.append(SavedImage(image, names: reference.map { [$0] } ?? []))
            }
        }
        let images = saved
        return try EngineFailure.reading { () throws(ImageFailure) in
            try ImageArchive(images, in: content)
        }
    }

    /// Takes the images of an unpacked archive in.
    ///
    /// - Returns: A line for each name, as Docker's clients read them.
    func load(_ folder: String) async throws(EngineFailure) -> [String] {
        let content = content
        fetches += 1
        defer { fetches -= 1 }
        let result = await effects.workers.run { () -> Result<[LoadedImage], ImageFailure> in
            do throws(ImageFailure) {
                return .success(try ImageArchive.load(FileTree(folder), into: content))
            } catch {
                return .failure(error)
            }
        }
        let images: [LoadedImage]
        do throws(ImageFailure) {
            images = try result.get()
        } catch {
            throw EngineFailure(.badRequest, error.words)
        }
        var lines: [String] = []
        for image in images {
            try name(image.manifest, image.configuration, as: image.names)
            lines += image.names.map { "Loaded image: \($0.familiar)\n" }
            if image.names.isEmpty { lines.append("Loaded image ID: \(image.configuration)\n") }
        }
        return lines
    }

    /// Stores an image at the registry its name says.
    ///
    /// - Returns: What the name leads to there.
    func push(
        _ reference: ImageReference, credential: RegistryCredential?,
        progress: @Sendable @escaping (RegistryProgress) -> Void
    ) async throws(EngineFailure) -> Descriptor {
        let image = try image(reference.description)
        let client = try registry(reference, credential)
        let content = content
        return try await transferring { () async throws(EngineFailure) in
            do throws(ImageFailure) {
                // An index goes with all of its platforms; with only some here, this one's goes.
                let isWhole = try content.reachable(from: [image.root]).allSatisfy {
                    content.size(of: $0) != nil
                }
                let root = isWhole ? image.root : image.manifest
                try await client.push(root, from: content, progress: progress)
                return root
            } catch {
                throw EngineFailure(error)
            }
        }
    }
}
