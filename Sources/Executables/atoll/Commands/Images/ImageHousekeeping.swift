// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import JSONText

/// `atoll image tag`: a second name for an image.
enum ImageTag {
    static let command = CommandSpec(
        path: ["image", "tag"], summary: "give an image another name",
        example: "atoll image tag app:1.0 localhost:5000/app:1.0",
        arguments: [
            ImagePlace.referenceArgument, ArgumentSpec(name: "name", help: "the other name"),
        ], run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let store = try ImagePlace(invocation).content()
        let source = try ImagePlace.reference(invocation.arguments[0])
        let name = try ImagePlace.reference(invocation.arguments[1])
        try images { () throws(ImageFailure) in
            // Other programs put images into the layout under tags alone.
            let typed = invocation.arguments[0]
            var found = try store.target(of: source.description)
            if found == nil { found = try store.target(of: typed) }
            guard let target = found else {
                throw .notFound(source.familiar)
            }
            try store.setTarget(of: name.description, to: target)
        }
        Terminal.result("\(name.familiar)\n")
        return 0
    }
}

/// `atoll image remove`: takes a name away.
enum ImageRemove {
    static let command = CommandSpec(
        path: ["image", "remove"],
        summary: "take an image's name away; prune frees the room",
        example: "atoll image remove app:1.0", arguments: [ImagePlace.referenceArgument],
        run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let store = try ImagePlace(invocation).content()
        let reference = try ImagePlace.reference(invocation.arguments[0])
        try images { () throws(ImageFailure) in
            guard try store.target(of: reference.description) != nil else {
                throw .notFound(reference.familiar)
            }
            try store.setTarget(of: reference.description, to: nil)
        }
        Terminal.result("\(reference.familiar)\n")
        return 0
    }
}

/// `atoll image prune`: removes content and layers that no image uses.
enum ImagePrune {
    static let command = CommandSpec(
        path: ["image", "prune"],
        summary: "remove content and unpacked layers that no image uses",
        example: "atoll image prune",
        options: [
            OptionSpec(
                name: "older-than", value: "S",
                help: "keep what came in the last S seconds; default 3600")
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let place = ImagePlace(invocation)
        let store = try place.content()
        let layers = try place.layers()
        let age = try invocation.number("older-than", default: 3_600, in: 0...31_536_000)
        let (report, gone) = try images { () throws(ImageFailure) in
            var used: Set<ContentDigest> = []
            for digest in try store.reachable(from: store.references().map(\.target)) {
                // Every configuration that is here, of whatever platform.
                guard let size = store.size(of: digest),
                    size <= Int64(ImageLimits.configurationBytesMax),
                    let bytes = try? store.read(digest, bytesMax: Int(size)),
                    let configuration = try? ImageConfiguration(bytes: bytes)
                else { continue }
                used.formUnion(configuration.layers)
            }
            let unused = try layers.layers().filter { !used.contains($0.digest) }
            for layer in unused { try layers.remove(layer.digest) }
            return (try store.collect(olderThan: Int64(age)), unused)
        }
        let bytes = UInt64(report.bytes + gone.reduce(0) { $0 + $1.bytes })
        let value: JSON = [
            "content": JSON(report.removed), "layers": JSON(gone.count), "bytes": JSON(bytes),
        ]
        ResultText.write(value, as: invocation.format) {
            "removed \(report.removed) pieces of content and \(gone.count) layers, "
                + "\(QuantityText.grouped(bytes)) bytes\n"
        }
        return 0
    }
}

/// `atoll image unpack`: the layers of an image as folders.
enum ImageUnpack {
    static let command = CommandSpec(
        path: ["image", "unpack"],
        summary: "unpack an image's layers, each once, and print their folders",
        discussion: """
            The folders come lowest first, as overlay mounts them; a layer that several images share
            is unpacked once. As root, files have the image's owners.
            """,
        example: "atoll image unpack debian:12", arguments: [ImagePlace.referenceArgument],
        options: [ImagePlace.platformOption], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let place = ImagePlace(invocation)
        let store = try place.content()
        let layers = try place.layers()
        let image = try ImagePlace.image(
            ImagePlace.reference(invocation.arguments[0]), in: store,
            platform: ImagePlace.platform(invocation))
        var folders: [String] = []
        for (layer, digest) in zip(image.documents.layers, image.configuration.layers) {
            folders.append(
                try images { () throws(ImageFailure) in
                    try layers.unpack(store.path(of: layer.digest), as: digest)
                })
        }
        ResultText.write(["folders": .array(folders.map { JSON($0) })], as: invocation.format) {
            folders.map { $0 + "\n" }.joined()
        }
        return 0
    }
}
