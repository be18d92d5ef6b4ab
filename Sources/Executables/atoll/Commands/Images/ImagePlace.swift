// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import JSONText

/// Where a person's images lie: HOME/images, content and unpacked layers beside each other.
struct ImagePlace {
    static let referenceArgument = ArgumentSpec(
        name: "image", help: "such as debian:12 or localhost:5000/app@sha256:…")
    static let platformOption = OptionSpec(
        name: "platform", value: "OS/ARCH",
        help: "of an image for several platforms; default this machine's")

    let root: String

    init(_ invocation: Invocation) {
        root = HomeFolder.path(of: invocation) + "/images"
    }

    /// The content, in a folder that is an OCI image layout.
    func content() throws(CommandFailure) -> ContentStore {
        try images { () throws(ImageFailure) in try ContentStore(opening: root + "/content") }
    }

    /// The unpacked layers.
    func layers() throws(CommandFailure) -> LayerStore {
        try images { () throws(ImageFailure) in try LayerStore(opening: root + "/layers") }
    }

    static func reference(_ text: String) throws(CommandFailure) -> ImageReference {
        try images { () throws(ImageFailure) in try ImageReference(text) }
    }

    static func platform(_ invocation: Invocation) throws(CommandFailure) -> Platform {
        guard let text = invocation.value("platform") else { return .current }
        guard let platform = Platform(text) else {
            throw CommandFailure(
                status: .misused, what: "'\(text)' is no platform",
                next: "write it as linux/amd64 or linux/arm64/v8")
        }
        return platform
    }

    /// What a name leads to, with the manifest of one platform.
    static func image(
        _ reference: ImageReference, in store: ContentStore, platform: Platform
    ) throws(CommandFailure) -> StoredImage {
        try images { () throws(ImageFailure) in
            guard let target = try store.target(of: reference.description) else {
                throw .notFound(reference.familiar)
            }
            return try StoredImage(target, in: store, platform: platform)
        }
    }
}

/// Makes calls whose failures are the command's.
func images<Value>(
    _ body: () throws(ImageFailure) -> Value
) throws(CommandFailure) -> Value {
    do {
        return try body()
    } catch {
        throw CommandFailure(error)
    }
}

extension CommandFailure {
    /// A failure about images in words, with what was kept and what helps.
    init(_ failure: ImageFailure) {
        switch failure {
        case .badReference(let text, let reason):
            self.init(status: .misused, what: "'\(text)' is no image's name: \(reason)")
        case .badDigest(let text):
            self.init(status: .misused, what: "'\(text)' is no digest: sha256: and 64 digits")
        case .notFound(let what):
            self.init(status: .refused, what: "there is no \(what)", next: "atoll image list")
        case .noPlatform(let platform, let offered):
            self.init(
                status: .refused, what: "the image is not made for \(platform)",
                next: "--platform " + offered.map(\.description).joined(separator: ", or "))
        case .full(let path):
            self.init(
                status: .refused, what: "the disk of '\(path)' is full",
                kept: "what had come whole is kept", next: "atoll image prune")
        case .unauthorized(let words):
            self.init(
                status: .refused, what: words,
                next: "--user NAME --password-file FILE")
        case .registry(let words):
            self.init(
                status: .unreachable, what: words, kept: "what had come is kept",
                next: "try again: it goes on where it stopped")
        default:
            self.init(status: .refused, what: failure.words)
        }
    }
}
