// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import JSONText

// Images of the store.

extension Engine {
    /// An image by its name, or by its configuration's digest or the beginning of it.
    func image(_ name: String) throws(EngineFailure) -> StoredImage {
        do throws(ImageFailure) {
            if let reference = try? ImageReference(name),
                let target = try content.target(of: reference.description)
            {
                return try StoredImage(target, in: content, platform: .current)
            }
            let digits = name.hasPrefix("sha256:") ? String(name.dropFirst(7)) : name
            guard digits.utf8.count >= 4, digits.allSatisfy(\.isHexDigit) else {
                throw ImageFailure.notFound(name)
            }
            for (digest, manifest) in nameless where digest.digits == digits {
                return try StoredImage(manifest, in: content, platform: .current)
            }
            for (_, image) in try images()
            where image.documents.configuration.digest.digits.hasPrefix(digits) {
                return image
            }
            throw ImageFailure.notFound(name)
        } catch {
            throw EngineFailure(error)
        }
    }

    /// Every image that has a name and whose documents are here.
    func images() throws(ImageFailure) -> [(name: String, image: StoredImage)] {
        var found: [(name: String, image: StoredImage)] = []
        for (name, target) in try content.references() {
            guard let image = try? StoredImage(target, in: content, platform: .current) else {
                continue
            }
            found.append((name, image))
        }
        return found
    }

    /// Fetches an image, telling of each part.
    func pull(
        _ reference: ImageReference, credential: RegistryCredential?,
        platform: Platform = .current,
        progress: @Sendable @escaping (RegistryProgress) -> Void
    ) async throws(EngineFailure) -> PulledImage {
        let client = try registry(reference, credential)
        fetches += 1
        defer { fetches -= 1 }
        do throws(ImageFailure) {
            let pulled = try await client.pull(
                into: content, platform: platform, progress: progress)
            note(
                .image, "pull", reference.familiar, ["name": JSON(reference.familiar)])
            return pulled
        } catch {
            throw EngineFailure(error)
        }
    }

    /// Gives an image another name.
    func tag(_ name: String, as reference: ImageReference) throws(EngineFailure) {
        let image = try image(name)
        do throws(ImageFailure) {
            try content.setTarget(of: reference.description, to: image.root)
            note(
                .image, "tag", image.documents.configuration.digest.description,
                ["name": JSON(reference.familiar)])
        } catch {
            throw EngineFailure(error)
        }
    }

    /// Takes a name away, and with the last one the content that no other image needs.
    ///
    /// - Returns: The names taken away and the images removed, as Docker's clients read them.
    func removeImage(_ name: String, isForced: Bool) async throws(EngineFailure) -> [JSON] {
        let image = try image(name)
        let digest = image.documents.configuration.digest
        let user = containers.values.first { $0.image == digest.description }
        guard user == nil || isForced && user?.isAlive == false else {
            throw EngineFailure(
                .conflict,
                "conflict: unable to remove repository reference \"\(name)\" (must force) - "
                    + "container \(user?.id.prefix(12) ?? "") is using its referenced image "
                    + "\(digest.digits.prefix(12))")
        }
        var answer: [JSON] = []
        var isLast = false
        do throws(ImageFailure) {
            let names = try images().filter { $0.image.documents.configuration.digest == digest }
            let reference = (try? ImageReference(name))?.description
            let isNamed = names.contains { $0.name == reference }
            let gone = isNamed ? names.filter { $0.name == reference } : names
            for (name, _) in gone { try content.setTarget(of: name, to: nil) }
            isLast = gone.count == names.count
            for (name, _) in gone where !Self.isNameless(name) {
                answer.append(["Untagged": JSON(Self.familiar(name))])
                note(
                    .image, "untag", digest.description, ["name": JSON(Self.familiar(name))])
            }
        } catch {
            throw EngineFailure(error)
        }
        guard isLast else { return answer }
        try await collect()
        note(.image, "delete", digest.description, ["name": JSON(digest.description)])
        return answer + [["Deleted": JSON(digest.description)]]
    }

    /// A name as people write it.
    static func familiar(_ name: String) -> String {
        (try? ImageReference(name))?.familiar ?? name
    }
}
