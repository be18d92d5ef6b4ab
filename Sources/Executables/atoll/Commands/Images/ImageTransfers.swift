// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import JSONText
import Synchronization

/// `atoll image pull`: fetches an image into this home (IMAGE-11).
enum ImagePull {
    static let command = CommandSpec(
        path: ["image", "pull"],
        summary: "fetch an image from a registry",
        discussion: """
            Content that is here is not fetched again, and what was cut off goes on where it
            stopped. Registries on this machine are spoken to without TLS.
            """,
        example: "atoll image pull localhost:5000/app:1.0",
        arguments: [ImagePlace.referenceArgument],
        options: [ImagePlace.platformOption] + RegistryLogin.options, hasOutputFormat: true,
        run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let reference = try ImagePlace.reference(invocation.arguments[0])
        let platform = try ImagePlace.platform(invocation)
        let store = try ImagePlace(invocation).content()
        let client = try await RegistryLogin.client(reference, invocation, shell)
        let lines = TransferLines()
        do throws(ImageFailure) {
            try await client.pull(into: store, platform: platform) { lines.tell($0) }
        } catch {
            throw CommandFailure(error)
        }
        let image = try ImagePlace.image(reference, in: store, platform: platform)
        ResultText.write(image.json(name: reference.familiar), as: invocation.format) {
            "\(reference.name)@\(image.root.digest)\n"
        }
        return 0
    }
}

/// `atoll image push`: stores an image at a registry.
enum ImagePush {
    static let command = CommandSpec(
        path: ["image", "push"],
        summary: "store an image at the registry its name says",
        example: "atoll image push localhost:5000/app:1.0",
        arguments: [ImagePlace.referenceArgument],
        options: [ImagePlace.platformOption] + RegistryLogin.options, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let reference = try ImagePlace.reference(invocation.arguments[0])
        let store = try ImagePlace(invocation).content()
        let image = try ImagePlace.image(
            reference, in: store, platform: ImagePlace.platform(invocation))
        let client = try await RegistryLogin.client(reference, invocation, shell)
        let lines = TransferLines()
        do throws(ImageFailure) {
            // An index goes with all of its platforms; with only some here, this platform's goes.
            let isWhole = try store.reachable(from: [image.root]).allSatisfy {
                store.size(of: $0) != nil
            }
            try await client.push(isWhole ? image.root : image.manifest, from: store) {
                lines.tell($0)
            }
        } catch {
            throw CommandFailure(error)
        }
        Terminal.result("\(reference)\n")
        return 0
    }
}

/// Says on standard error which content has come or gone: a line each, and tenths of large ones.
final class TransferLines: Sendable {
    private let tenths = Mutex<[ContentDigest: Int64]>([:])

    func tell(_ progress: RegistryProgress) {
        switch progress {
        case .present(let digest): Terminal.say("\(digest.digits.prefix(12)): is there already")
        case .done(let digest): Terminal.say("\(digest.digits.prefix(12)): done")
        case .moved(let digest, let done, let all):
            guard all >= 8 << 20 else { return }
            let tenth = done * 10 / all
            let isNew = tenths.withLock { tenths in
                defer { tenths[digest] = tenth }
                return tenths[digest] != tenth
            }
            if isNew, tenth > 0, tenth < 10 {
                Terminal.say("\(digest.digits.prefix(12)): \(tenth)0 % of \(all >> 20) MiB")
            }
        }
    }
}
