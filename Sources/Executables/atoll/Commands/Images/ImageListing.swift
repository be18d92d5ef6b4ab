// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import JSONText

/// `atoll image list`: the images of this home.
enum ImageList {
    static let command = CommandSpec(
        path: ["image", "list"], summary: "list the images that are here",
        example: "atoll image list", options: [ImagePlace.platformOption],
        hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let store = try ImagePlace(invocation).content()
        let platform = try ImagePlace.platform(invocation)
        let names = try images { () throws(ImageFailure) in try store.references() }
        var table = TextTable(["image", "id", "platform", "bytes"])
        var values: [JSON] = []
        for entry in names {
            guard let reference = try? ImageReference(entry.name),
                let image = try? StoredImage(entry.target, in: store, platform: platform)
            else {
                // Made for other platforms alone, or not all here.
                table.add([entry.name, "-", "-", "-"])
                values.append(["name": JSON(entry.name)])
                continue
            }
            values.append(image.json(name: reference.familiar))
            table.add([
                reference.familiar,
                String(image.documents.configuration.digest.digits.prefix(12)),
                image.configuration.platform.description, QuantityText.grouped(UInt64(image.bytes)),
            ])
        }
        ResultText.write(["images": .array(values)], as: invocation.format) { table.text }
        return 0
    }
}

/// `atoll image inspect`: what an image is made of and how it is run.
enum ImageInspect {
    static let command = CommandSpec(
        path: ["image", "inspect"], summary: "show what an image is made of and how it is run",
        example: "atoll image inspect debian:12 -o yaml",
        arguments: [ImagePlace.referenceArgument], options: [ImagePlace.platformOption],
        hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let reference = try ImagePlace.reference(invocation.arguments[0])
        let image = try ImagePlace.image(
            reference, in: ImagePlace(invocation).content(),
            platform: ImagePlace.platform(invocation))
        ResultText.write(image.json(name: reference.familiar), as: invocation.format) {
            var facts = TextFacts()
            facts.add("image", reference.familiar)
            facts.add("digest", image.root.digest.description)
            facts.add("id", image.documents.configuration.digest.description)
            facts.add("platform", image.configuration.platform.description)
            facts.add("layers", "\(image.documents.layers.count)")
            facts.add("size", "\(QuantityText.grouped(UInt64(image.bytes))) bytes")
            for (title, name) in [("entrypoint", "Entrypoint"), ("command", "Cmd")] {
                let words = (image.configuration[name]?.elements ?? []).compactMap(\.text)
                if !words.isEmpty { facts.add(title, words.joined(separator: " ")) }
            }
            return facts.text
        }
        return 0
    }
}
