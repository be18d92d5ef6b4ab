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
        pauses[found.id] = nil
        try await begin(found.id, isAgain: false)
        return true
    }

    /// Runs a container, by a client's word or by its restart policy.
    func begin(_ id: String, isAgain: Bool) async throws(EngineFailure) {
        try await alone(id) { () async throws(EngineFailure) in
            var found = try container(id)
            guard !found.isAlive else { return }
            found.restarts = isAgain ? found.restarts + 1 : 0
            (found.isStoppedByHand, found.error) = (false, "")
            do throws(EngineFailure) {
                try await begin(found)
            } catch {
                await fail(found, error)
                throw error
            }
        }
    }

    /// Notes that a container could not be begun.
    private func fail(_ found: EngineContainer, _ failure: EngineFailure) async {
        for client in waiting.removeValue(forKey: found.id) ?? [] { client.give(nil) }
        try? await clear(found)
        var failed = found
        (failed.status, failed.exitCode, failed.finished) = (.exited, 127, now)
        failed.error = failure.message
        try? await save(failed)
        for gate in ends.removeValue(forKey: found.id) ?? [] { gate.open(127) }
        guard found.removesItself else { return }
        try? await discard(failed)
        await removeAnonymous(of: failed.mounts)
    }

    private func begin(_ found: EngineContainer) async throws(EngineFailure) {
        var container = found
        try await clear(container)
        try await mount(container)
        try await fillVolumes(of: container)
        let (bundle, files) = try await bundle(container)
        let folder = "\(settings.root)/\(container.folder)"
        var writer = JSONWriter()
        writer.value(bundle.json)
        do throws(DiskFailure) {
            for (name, text) in files {
                try await effects.disk.replace(
                    "\(container.folder)/\(name)", with: Array(text.utf8))
            }
            try await effects.disk.replace("\(container.folder)/config.json", with: writer.bytes)
        } catch {
            throw EngineFailure(error)
        }
        try await runtime.run(
            ["watch", "--bundle", folder, "--pid-file", "\(folder)/pid"]
                + LogOptions(container.body["HostConfig"]).words(folder: folder)
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
        for network in try await board.plug(container.id, process: container.process) {
            note(network, "connect", container)
        }
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

    private func bundle(
        _ container: EngineContainer
    ) async throws(EngineFailure) -> (Bundle, [(name: String, text: String)]) {
        let options = try ContainerOptions(container.body)
        var bundle = Bundle(
            container: container, options: options,
            user: try await user(options.user, in: container, groups: options.isolation.groups),
            root: "\(settings.root)/\(container.folder)/rootfs",
            given: "\(settings.root)/\(container.folder)")
        bundle.runtime = settings.runtime
        bundle.devices = try await devices(options.isolation)
        bundle.joined = try joined(options.isolation)
        // Last: what is reserved is given back by whoever clears the container.
        let place = try await board.reserve(
            container.id, hostname: bundle.hostname, container.body["HostConfig"])
        bundle.namespace = place.namespace
        if let other = place.sharesFilesOf.flatMap({ containers[$0] }) {
            bundle.given = "\(settings.root)/\(other.folder)"
            bundle.sharedHostname =
                try ContainerOptions(other.body).hostname ?? String(other.id.prefix(12))
        }
        return (bundle, place.files)
    }

    func user(
        _ text: String, in container: EngineContainer, groups: [String] = []
    ) async throws(EngineFailure) -> JSON {
        func file(_ name: String) async -> String {
            let path = "\(container.folder)/rootfs/etc/\(name)"
            let bytes = try? await effects.disk.read(path, limit: UserLookup.fileBytesMax)
            return String(decoding: bytes ?? [], as: UTF8.self)
        }
        return try UserLookup(users: await file("passwd"), groups: await file("group"))
            .user(text, also: groups)
    }
}
