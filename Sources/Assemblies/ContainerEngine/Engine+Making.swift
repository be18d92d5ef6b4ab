// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import JSONText
import Vocabulary

// Containers come and go.

extension Engine {
    /// Remembers a container that a client asks for; nothing of it runs yet.
    func create(_ body: JSON, name: String?) async throws(EngineFailure) -> EngineContainer {
        guard containers.count < Self.containersMax else {
            throw EngineFailure(.conflict, "there are \(Self.containersMax) containers already")
        }
        let wanted = body["Image"]?.text ?? ""
        let image = try image(wanted)
        let joined = ContainerOptions.joined(body, with: image.configuration.json["config"])
        let options = try ContainerOptions(joined)
        let id = digits(64)
        let name =
            try name.map { name throws(EngineFailure) in try freeName(name) }
            ?? "atoll_\(id.prefix(10))"
        var container = EngineContainer(
            id: id, name: name, created: now, body: joined,
            image: image.documents.configuration.digest.description, manifest: image.manifest,
            arguments: options.arguments)
        // The name is taken from here on.
        containers[id] = container
        do throws(EngineFailure) {
            let wiring = try await board.admit(id, name: name, joined)
            container.mounts = try await mountPoints(joined)
            try await save(container)
            try await board.save(wiring)
        } catch {
            containers[id] = nil
            await removeAnonymous(of: container.mounts)
            throw error
        }
        note("create", container)
        return container
    }

    func freeName(_ name: String) throws(EngineFailure) -> String {
        let plain = name.hasPrefix("/") ? String(name.dropFirst()) : name
        let isPlain = plain.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x2D, 0x2E:
                true
            default: false
            }
        }
        guard isPlain, plain.utf8.count > 1, plain.utf8.count <= 128,
            let first = plain.first, first.isLetter || first.isNumber
        else {
            throw EngineFailure(
                .badRequest,
                "Invalid container name (\(plain)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
        }
        if let other = containers.values.first(where: { $0.name == plain }) {
            throw EngineFailure(
                .conflict,
                "Conflict. The container name \"/\(plain)\" is already in use by container "
                    + "\"\(other.id)\". You have to remove (or rename) that container to be able "
                    + "to reuse that name.")
        }
        return plain
    }

    /// Removes a container and all it wrote.
    ///
    /// - Parameters:
    ///   - isForced: Whether one that runs is killed.
    ///   - withVolumes: Whether its volumes that nobody named go with it.
    func remove(
        _ name: String, isForced: Bool, withVolumes: Bool = false
    ) async throws(EngineFailure) {
        var container = try container(name)
        if container.isAlive {
            guard isForced else {
                throw EngineFailure(
                    .conflict,
                    "cannot remove container \"\(container.name)\": container is running: stop "
                        + "the container before removing or force remove")
            }
            let gate = EndGate()
            ends[container.id, default: []].append(gate)
            try await stopByHand(container.id)
            _ = try? await runtime.run(["kill", container.runtimeName, "KILL"])
            note("kill", container, [JSON.Member("signal", "9")])
            _ = await gate.wait()
            // One that removes itself is gone by now, or goes.
            if container.removesItself { return }
            container = try self.container(container.id)
        }
        try await alone(container.id) { () async throws(EngineFailure) in
            try await discard(container)
            if withVolumes { await removeAnonymous(of: container.mounts) }
        }
    }

    /// Removes what is left of a container that does not run.
    func discard(_ container: EngineContainer) async throws(EngineFailure) {
        try await clear(container)
        await letReadersEnd(container.id)
        let folder = "\(settings.root)/\(container.folder)"
        try await blocking { () throws(ImageFailure) in try FolderRemoval.remove(folder) }
        containers[container.id] = nil
        await board.forget(container.id)
        for entry in entries.values where entry.container == container.id {
            entries[entry.id] = nil
        }
        for gate in removals.removeValue(forKey: container.id) ?? [] {
            gate.open(container.exitCode)
        }
        for client in waiting.removeValue(forKey: container.id) ?? [] { client.give(nil) }
        note("destroy", container)
    }

    /// Takes away what the runtime and the kernel hold of a container.
    func clear(_ container: EngineContainer) async throws(EngineFailure) {
        try await runtime.run(["delete", "--force", container.runtimeName])
        let root = "\(settings.root)/\(container.folder)/rootfs"
        try await blocking { () throws(ImageFailure) in try LayerMount.unmount(root) }
        for network in await board.unplug(container.id) { note(network, "disconnect", container) }
    }
}
