// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import ImageBuilder
import JSONText

/// Gets images and runs programs for a build by the engine's own means: its store, its registries,
/// its containers (BUILDER-9).
struct EngineBuildMachine: BuildMachine {
    let engine: Engine
    /// Name and password of a registry, as the client gave them with the build.
    let credential: @Sendable (ImageReference) -> RegistryCredential?

    /// What the runtime puts into a container's files so that something can be mounted there.
    static let mountPoints: Set<String> = Set(
        ["proc", "sys", "dev"] + Bundle.givenFiles.map { "etc/\($0)" })

    func image(
        _ name: String, for platform: Platform, isFresh: Bool
    ) async throws(BuildFailure) -> StoredImage {
        if !isFresh, let known = try? await engine.image(name, for: platform) { return known }
        do throws(EngineFailure) {
            let reference = try EngineFailure.reading { () throws(ImageFailure) in
                try ImageReference(name)
            }
            _ = try await engine.pull(
                reference, credential: credential(reference), platform: platform
            ) { _ in }
            return try await engine.image(name, for: platform)
        } catch {
            throw BuildFailure("\(name): \(error.message)")
        }
    }

    func run(
        _ program: BuildProgram,
        output:
            @escaping @Sendable (_ bytes: [UInt8], _ isError: Bool)
            async throws(BuildFailure) -> Void
    ) async throws(BuildFailure) -> BuildProgramEnd {
        let container: EngineContainer
        let client: WaitingClient
        let gate: EndGate
        do throws(EngineFailure) {
            (container, client, gate) = try await engine.prepare(program)
        } catch {
            throw BuildFailure(error.message)
        }
        var refusal: BuildFailure?
        do throws(EngineFailure) {
            _ = try await engine.start(container.id)
            if let stream = await client.wait() {
                refusal = await Self.follow(stream, output)
                stream.close()
            }
        } catch {
            refusal = BuildFailure(error.message, code: 127)
        }
        if refusal != nil {
            try? await engine.remove(container.id, isForced: true, withVolumes: true)
        }
        let code = await gate.wait()
        if let refusal { throw refusal }
        return BuildProgramEnd(
            name: container.id, code: code,
            folder: "\(engine.settings.root)/\(container.folder)/upper",
            leavesOut: Self.mountPoints, leavesOutEmpty: ["etc"])
    }

    func release(_ end: BuildProgramEnd) async {
        do throws(EngineFailure) {
            try await engine.remove(end.name, isForced: true, withVolumes: true)
        } catch {
            engine.settings.log("a build's container \(end.name): \(error.message)")
        }
    }

    func owner(
        _ text: String, users: String, groups: String
    ) throws(BuildFailure) -> CopyOptions.Owner {
        do throws(EngineFailure) {
            let user = try UserLookup(users: users, groups: groups).user(text)
            return CopyOptions.Owner(
                user: UInt32(user["uid"]?.unsigned ?? 0), group: UInt32(user["gid"]?.unsigned ?? 0))
        } catch {
            throw BuildFailure(error.message)
        }
    }

    /// Takes frames of what a program says to its end, or until nobody wants to hear more.
    private static func follow(
        _ stream: any ByteStream,
        _ output: @Sendable (_ bytes: [UInt8], _ isError: Bool) async throws(BuildFailure) -> Void
    ) async -> BuildFailure? {
        var frames = FrameReader()
        while let bytes = try? await stream.read(limit: 65_536), !bytes.isEmpty {
            for piece in frames.take(bytes) {
                do throws(BuildFailure) {
                    try await output(piece.bytes, piece.isError)
                } catch {
                    return error
                }
            }
        }
        return nil
    }
}

/// Cuts a multiplexed stream into what came on which of a program's two outputs: eight bytes that
/// say the output and the length, then so many bytes.
struct FrameReader {
    private var rest: [UInt8] = []
    private var left = 0
    private var isError = false

    /// What is there of frames, also of one that has not come whole.
    mutating func take(_ bytes: [UInt8]) -> [(bytes: [UInt8], isError: Bool)] {
        rest += bytes
        var pieces: [(bytes: [UInt8], isError: Bool)] = []
        while true {
            if left == 0 {
                guard rest.count >= 8 else { return pieces }
                isError = rest[0] == 2
                left = rest[4..<8].reduce(0) { $0 << 8 | Int($1) }
                rest.removeFirst(8)
                continue
            }
            let count = min(left, rest.count)
            guard count > 0 else { return pieces }
            pieces.append((Array(rest[..<count]), isError))
            rest.removeFirst(count)
            left -= count
        }
    }
}
