// SPDX-License-Identifier: Apache-2.0
import ContainerEngine
import ContainerImages
import Effects
import Glibc
import ImageBuilder
import JSONText

/// `atoll image build`: an image from a Dockerfile and a folder (specs/builder.md).
enum ImageBuildCommand {
    static let command = CommandSpec(
        path: ["image", "build"],
        summary: "build an image from a Dockerfile and a folder",
        discussion: """
            It needs root and the program atoll-runtime beside this one, and no engine: steps run
            in containers as confined as any, without a network unless --network host. With
            --timestamp (or the build-arg SOURCE_DATE_EPOCH) the same files give the same image.
            """,
        example: "atoll image build -t app:1.0 .",
        arguments: [ArgumentSpec(name: "folder", help: "what COPY and ADD may copy from")],
        options: [
            OptionSpec(
                name: "tag", short: "t", value: "NAME", help: "what the image is called",
                repeats: true),
            OptionSpec(
                name: "file", short: "f", value: "PATH",
                help: "the Dockerfile, in the folder; default Dockerfile"),
            OptionSpec(
                name: "build-arg", value: "NAME=VALUE", help: "a value of an ARG", repeats: true),
            OptionSpec(
                name: "label", value: "NAME=VALUE", help: "a label of the image", repeats: true),
            OptionSpec(name: "target", value: "STAGE", help: "the stage; default the last"),
            OptionSpec(name: "no-cache", value: nil, help: "do every step anew"),
            OptionSpec(name: "pull", value: nil, help: "ask registries for images that are here"),
            OptionSpec(
                name: "network", value: "NETWORK", help: "what steps reach; default none",
                choices: ["none", "host"]),
            OptionSpec(
                name: "timestamp", value: "S",
                help: "the time of everything in the image, in seconds since 1970"),
            ImagePlace.platformOption,
        ] + RegistryLogin.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        guard geteuid() == 0 else {
            throw CommandFailure(
                status: .refused, what: "mounting layers and making containers takes root",
                next: "an engine with docker build does it for its clients: docs/guides/build.md")
        }
        let names = try invocation.values("tag").map { try ImagePlace.reference($0) }
        let request = try request(invocation)
        let builder = try await builder(invocation, shell)
        let bytes = try await RegistryLogin.file(invocation, shell)
        let folder = Surroundings.absolute(invocation.arguments[0])
        let image: BuiltImage
        do throws(BuildFailure) {
            image = try await builder.build(
                request, folder: folder,
                dockerfile: invocation.value("file") ?? BuildContext.usualName, names: names,
                credential: { reference in
                    bytes.flatMap { try? RegistryCredential.find(reference.registry, in: $0) }
                }
            ) { (news) throws(BuildFailure) in show(news) }
        } catch {
            throw CommandFailure(
                status: .refused, what: error.description, kept: "steps that were done are known")
        }
        let id = image.configuration.digest.description
        let value: JSON = [
            "id": JSON(id), "manifest": JSON(image.manifest.digest.description),
            "names": .array(names.map { JSON($0.familiar) }),
        ]
        ResultText.write(value, as: invocation.format) { id + "\n" }
        return 0
    }

    private static func request(_ invocation: Invocation) throws -> BuildRequest {
        func pairs(_ name: String) throws -> [(name: String, value: String)] {
            try invocation.values(name).map { text in
                let parts = text.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, !parts[0].isEmpty else {
                    throw CommandFailure(
                        status: .misused, what: "--\(name) \(text) is not NAME=VALUE")
                }
                return (String(parts[0]), String(parts[1]))
            }
        }
        var request = BuildRequest()
        for pair in try pairs("build-arg") { request.arguments[pair.name] = pair.value }
        request.labels = try pairs("label")
        request.target = invocation.value("target")
        request.skipsCache = invocation.has("no-cache")
        request.pulls = invocation.has("pull")
        request.platform = try ImagePlace.platform(invocation)
        if invocation.value("network") == "host" { request.network = .host }
        if invocation.has("timestamp") {
            let seconds = try invocation.number(
                "timestamp", default: 0, in: 0...253_402_300_799)
            request.timestamp = Int64(seconds)
        }
        return request
    }

    private static func builder(
        _ invocation: Invocation, _ shell: Shell
    ) async throws -> LocalBuilder {
        let place = ImagePlace(invocation)
        // Made for its owner alone, as every home is.
        _ = try place.content()
        let program = Surroundings.executable
        let programs = program.prefix(upTo: program.lastIndex(of: "/") ?? program.startIndex)
        var settings = EngineSettings(
            socket: "", root: place.root, runtime: "\(programs)/atoll-runtime",
            version: Version.text, log: { Terminal.say($0) })
        settings.authorities = try await RegistryLogin.authorities(invocation, shell)
        let world = try shell.world(at: place.root)
        do throws(EngineStartFailure) {
            return try await LocalBuilder(world, settings)
        } catch {
            throw CommandFailure(status: .refused, what: error.reason)
        }
    }

    /// Progress goes to standard error, as that of every command.
    private static func show(_ news: BuildNews) {
        switch news {
        case .step(let number, let count, let text):
            Terminal.say("[\(number)/\(count)] \(text)")
        case .cached: Terminal.say("  known")
        case .output(let bytes, _):
            var text = String(decoding: bytes, as: UTF8.self)
            if text.hasSuffix("\n") { text.removeLast() }
            Terminal.say(text)
        case .done: break
        case .warning(let text): Terminal.say("warning: \(text)")
        }
    }
}
