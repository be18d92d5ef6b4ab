// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import JSONText
import Vocabulary

// Containers begin and end.

extension Engine {
    /// Runs a container.
    ///
    /// - Returns: False when it runs already.
    func start(_ name: String) async throws(EngineFailure) -> Bool {
        let found = try container(name)
        guard !found.isAlive else { return false }
        try await alone(found.id) { () async throws(EngineFailure) in
            do throws(EngineFailure) {
                try await begin(found)
            } catch {
                for client in waiting.removeValue(forKey: found.id) ?? [] { client.give(nil) }
                try? await clear(found)
                var failed = found
                (failed.status, failed.exitCode, failed.finished) = (.exited, 127, now)
                try? await save(failed)
                for gate in ends.removeValue(forKey: found.id) ?? [] { gate.open(127) }
                if found.removesItself {
                    try? await discard(failed)
                    await removeAnonymous(of: failed.mounts)
                }
                throw error
            }
        }
        return true
    }

    private func begin(_ found: EngineContainer) async throws(EngineFailure) {
        var container = found
        try await clear(container)
        try await mount(container)
        try await fillVolumes(of: container)
        let bundle = try await bundle(container)
        let folder = "\(settings.root)/\(container.folder)"
        var writer = JSONWriter()
        writer.value(bundle.json)
        do throws(DiskFailure) {
            for (name, text) in try await givenFiles(bundle) {
                try await effects.disk.replace(
                    "\(container.folder)/\(name)", with: Array(text.utf8))
            }
            try await effects.disk.replace("\(container.folder)/config.json", with: writer.bytes)
        } catch {
            throw EngineFailure(error)
        }
        try await runtime.run(
            ["watch", "--bundle", folder, "--log", "\(folder)/log", "--pid-file", "\(folder)/pid"]
                + (container.opensInput && !container.hasTerminal ? ["--input"] : [])
                + [container.runtimeName])
        let point = attachPoint(container)
        for client in waiting.removeValue(forKey: container.id) ?? [] {
            client.give(try? await point.attach(client.wish))
        }
        // Written before it is so: an engine that dies now finds the container and takes it up.
        container.status = .running
        container.started = now
        container.process = await number(container)
        for index in container.mounts.indices { container.mounts[index].copies = false }
        try await save(container)
        do throws(EngineFailure) {
            try await runtime.run(["start", container.runtimeName])
        } catch {
            container.status = .created
            containers[container.id] = container
            throw error
        }
        note("start", container)
        keep(container)
    }

    func attachPoint(_ container: EngineContainer) -> AttachPoint {
        AttachPoint(effects: effects, folder: "\(settings.state)/\(container.runtimeName)")
    }

    private func number(_ container: EngineContainer) async -> Int64 {
        let bytes = try? await effects.disk.read("\(container.folder)/pid", limit: 64)
        let text = String(decoding: bytes ?? [], as: UTF8.self)
        return Int64(text.prefix { $0.isNumber }) ?? 0
    }

    // MARK: Files

    /// Lays the image's layers under a folder of the container's own.
    func mount(_ container: EngineContainer) async throws(EngineFailure) {
        let image: StoredImage
        do throws(ImageFailure) {
            image = try StoredImage(container.manifest, in: content, platform: .current)
        } catch {
            throw EngineFailure(error)
        }
        let folder = "\(settings.root)/\(container.folder)"
        let digests = image.configuration.layers
        let stored = image.documents.layers.map { content.path(of: $0.digest) }
        guard digests.count == stored.count, !digests.isEmpty else {
            throw EngineFailure(.badRequest, "the image has no layers")
        }
        try await blocking { [layers] () throws(ImageFailure) in
            var folders: [String] = []
            for (digest, file) in zip(digests, stored) {
                folders.append(try layers.unpack(file, as: digest))
            }
            for name in ["upper", "work", "rootfs"] {
                try LayerMount.makeFolder("\(folder)/\(name)")
            }
            try LayerMount.mount(
                layers: folders, upper: "\(folder)/upper", work: "\(folder)/work",
                at: "\(folder)/rootfs")
        }
    }

    private func bundle(_ container: EngineContainer) async throws(EngineFailure) -> Bundle {
        let options = try ContainerOptions(container.body)
        return Bundle(
            container: container, options: options,
            user: try await user(options.user, in: container),
            root: "\(settings.root)/\(container.folder)/rootfs",
            given: "\(settings.root)/\(container.folder)")
    }

    func user(
        _ text: String, in container: EngineContainer
    ) async throws(EngineFailure) -> JSON {
        func file(_ name: String) async -> String {
            let path = "\(container.folder)/rootfs/etc/\(name)"
            let bytes = try? await effects.disk.read(path, limit: UserLookup.fileBytesMax)
            return String(decoding: bytes ?? [], as: UTF8.self)
        }
        return try UserLookup(users: await file("passwd"), groups: await file("group")).user(text)
    }

    private func givenFiles(_ bundle: Bundle) async throws(DiskFailure) -> [(String, String)] {
        var hosts = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
        hosts += "127.0.1.1\t\(bundle.hostname)\n"
        return [("hostname", bundle.hostname + "\n"), ("hosts", hosts), ("resolv.conf", "")]
    }

    // MARK: The end

    /// Waits for the end of a container that runs, and takes it up again when its watch is gone.
    func keep(_ container: EngineContainer) {
        let point = attachPoint(container)
        effects.tasks.spawn("container \(container.name)") { [self] in
            if let stream = try? await point.attach(.end) {
                while let bytes = try? await stream.read(limit: 1_024), !bytes.isEmpty {}
                stream.close()
            }
            await ended(container.id)
        }
    }

    private func ended(_ id: String) async {
        guard var container = containers[id], container.isAlive else { return }
        let book = "run/\(container.runtimeName)/events"
        guard let ending = await ProgramEnding(effects, book: book) else {
            return await adopt(container)
        }
        container.status = .exited
        container.finished = now
        container.exitCode = ending.code
        container.ranOutOfMemory = ending.ranOutOfMemory
        await finish(container)
    }

    /// The watch is gone, or both are: another takes the container up, or it has ended.
    private func adopt(_ container: EngineContainer) async {
        do throws(EngineFailure) {
            try await runtime.run([
                "watch", "--adopt", "--log", "\(settings.root)/\(container.folder)/log",
                container.runtimeName,
            ])
            settings.log("container \(container.name) has a new watch")
            keep(container)
        } catch {
            settings.log("container \(container.name) is gone: \(error.message)")
            var lost = container
            (lost.status, lost.exitCode, lost.finished) = (.exited, 137, now)
            await finish(lost)
        }
    }

    private func finish(_ container: EngineContainer) async {
        do throws(EngineFailure) {
            try await clear(container)
            try await save(container)
        } catch {
            settings.log("container \(container.name): \(error.message)")
            containers[container.id] = container
        }
        note(
            "die", container,
            [JSON.Member("exitCode", JSON("\(container.exitCode)"))])
        for gate in ends.removeValue(forKey: container.id) ?? [] { gate.open(container.exitCode) }
        guard container.removesItself else { return }
        do throws(EngineFailure) {
            try await discard(container)
            await removeAnonymous(of: container.mounts)
        } catch {
            settings.log("container \(container.name) cannot be removed: \(error.message)")
        }
    }
}
