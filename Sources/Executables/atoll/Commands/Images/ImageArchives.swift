// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import Glibc
import JSONText

/// `atoll image save`: images as an archive (IMAGE-12).
enum ImageSave {
    static let command = CommandSpec(
        path: ["image", "save"],
        summary: "write images into an archive that Docker, podman and skopeo load",
        example: "atoll image save app:1.0 app.tar",
        arguments: [
            ImagePlace.referenceArgument,
            ArgumentSpec(name: "file", help: "the archive; it is replaced"),
        ], options: [ImagePlace.platformOption], run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let store = try ImagePlace(invocation).content()
        let reference = try ImagePlace.reference(invocation.arguments[0])
        let image = try ImagePlace.image(
            reference, in: store, platform: ImagePlace.platform(invocation))
        let archive = try images { () throws(ImageFailure) in
            try ImageArchive([SavedImage(image, names: [reference])], in: store)
        }
        let path = invocation.arguments[1]
        do {
            let file = try await shell.effects.disk.create(Shell.inner(path))
            do {
                while let piece = try archive.next() { try await file.append(piece) }
                try await file.finish()
            } catch {
                await file.discard()
                throw error
            }
        } catch let failure as DiskFailure {
            throw CommandFailure.disk(failure, path: path)
        } catch let failure as ImageFailure {
            throw CommandFailure(failure)
        }
        Terminal.result("\(path)\n")
        return 0
    }
}

/// `atoll image load`: the images of an archive.
enum ImageLoad {
    static let command = CommandSpec(
        path: ["image", "load"],
        summary: "take the images of an archive in: one of docker save, or an OCI image layout",
        example: "atoll image load app.tar",
        arguments: [ArgumentSpec(name: "file", help: "the archive")], hasOutputFormat: true,
        run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let place = ImagePlace(invocation)
        let store = try place.content()
        let folder = "\(place.root)/load.\(getpid())"
        let path = Surroundings.absolute(invocation.arguments[0])
        guard await shell.exists(path) else {
            throw CommandFailure(status: .misused, what: "there is no file '\(path)'")
        }
        let loaded: [LoadedImage]
        do throws(ImageFailure) {
            loaded = try take(path, folder, store)
            try ContainerImages.FolderRemoval.remove(folder)
        } catch {
            try? ContainerImages.FolderRemoval.remove(folder)
            throw CommandFailure(error)
        }
        let names = loaded.flatMap { image in
            image.names.isEmpty ? ["\(image.configuration)"] : image.names.map(\.familiar)
        }
        ResultText.write(["images": .array(names.map { JSON($0) })], as: invocation.format) {
            names.map { $0 + "\n" }.joined()
        }
        return 0
    }

    private static func take(
        _ path: String, _ folder: String, _ store: ContentStore
    ) throws(ImageFailure) -> [LoadedImage] {
        try LayerMount.makeFolder(folder)
        var options = UnpackingOptions()
        (options.isLayer, options.makesDevices) = (false, false)
        _ = try LayerUnpacking.unpack(path, into: folder, options: options)
        let loaded = try ImageArchive.load(FileTree(folder), into: store)
        for image in loaded {
            for name in image.names {
                try store.setTarget(of: name.description, to: image.manifest)
            }
            if image.names.isEmpty {
                try store.setTarget(of: image.configuration.description, to: image.manifest)
            }
        }
        return loaded
    }
}
