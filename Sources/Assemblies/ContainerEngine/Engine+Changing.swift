// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText

// Containers are changed.

extension Engine {
    /// Gives a container another name.
    func rename(_ name: String, to wanted: String) async throws(EngineFailure) {
        var container = try container(name)
        guard !wanted.isEmpty else {
            throw EngineFailure(.badRequest, "Neither old nor new names may be empty")
        }
        let old = container.name
        do throws(EngineFailure) {
            container.name = try freeName(wanted)
        } catch {
            throw EngineFailure(
                error.status, "Error when allocating new name: \(error.message)")
        }
        try await save(container)
        try await board.rename(container.id, to: container.name)
        note("rename", container, [JSON.Member("oldName", JSON("/" + old))])
    }

    /// Stops all programs of a container where they are.
    func pause(_ name: String) async throws(EngineFailure) {
        let found = try container(name)
        guard found.status != .paused else {
            throw EngineFailure(.conflict, "Container \(found.id) is already paused")
        }
        guard found.status == .running else {
            throw EngineFailure(.conflict, "Container \(found.id) is not running")
        }
        try await alone(found.id) { () async throws(EngineFailure) in
            try await runtime.run(["pause", found.runtimeName])
            try await setStatus(.paused, of: found.id)
        }
        note("pause", found)
    }

    /// Lets them go on.
    func unpause(_ name: String) async throws(EngineFailure) {
        let found = try container(name)
        guard found.status == .paused else {
            throw EngineFailure(.conflict, "Container \(found.id) is not paused")
        }
        try await alone(found.id) { () async throws(EngineFailure) in
            try await runtime.run(["resume", found.runtimeName])
            try await setStatus(.running, of: found.id)
        }
        note("unpause", found)
    }

    /// Notes it, unless the container has ended meanwhile.
    private func setStatus(
        _ status: EngineContainer.Status, of id: String
    ) async throws(EngineFailure) {
        guard var container = containers[id], container.isAlive else { return }
        container.status = status
        try await save(container)
    }

    /// Gives a container other limits, at once when it runs, and another restart policy.
    func update(_ name: String, _ body: JSON) async throws(EngineFailure) {
        let found = try container(name)
        var host = found.body["HostConfig"] ?? [:]
        var changes: JSON = [:]
        for member in body.members ?? [] where !HostOptions.isEmpty(member.value) {
            guard ResourceWishes.names.contains(member.name) || member.name == "RestartPolicy"
            else { throw .unsupported("an update of \(member.name)") }
            host = host.replacing(member.name, by: member.value)
            if member.name != "RestartPolicy" {
                changes = changes.replacing(member.name, by: member.value)
            }
        }
        _ = try HostOptions(host)
        try await alone(found.id) { () async throws(EngineFailure) in
            if found.isAlive, !(changes.members ?? []).isEmpty {
                try await limit(found, ResourceWishes.json(changes))
            }
            var container = try container(found.id)
            container.body = container.body.replacing("HostConfig", by: host)
            try await save(container)
        }
        note("update", found)
    }

    private func limit(
        _ container: EngineContainer, _ resources: JSON
    ) async throws(EngineFailure) {
        let file = "\(container.folder)/update.json"
        var writer = JSONWriter()
        writer.value(resources)
        do throws(DiskFailure) {
            try await effects.disk.replace(file, with: writer.bytes)
        } catch {
            throw EngineFailure(error)
        }
        try await runtime.run(
            ["update", "--resources", "\(settings.root)/\(file)", container.runtimeName])
        try? await effects.disk.remove(file)
    }

    /// Tells that a client had a container begun anew.
    func noteRestart(_ name: String) {
        if let container = try? container(name) { note("restart", container) }
    }

    /// Removes containers that do not run.
    func pruneContainers(_ filters: ListFilters) async throws(EngineFailure) -> JSON {
        try filters.check(["label", "label!", "until"])
        let until = try filters["until"].first.map(Routes.moment)
        var gone: [JSON] = []
        var bytes: Int64 = 0
        for container in containers.values.sorted(by: { $0.id < $1.id })
        where [.created, .exited].contains(container.status)
            && filters.matches(labels: container.body["Labels"])
            && (until.map { container.created < $0 } ?? true)
        {
            let size = try await writtenBytes(container)
            guard (try? await remove(container.id, isForced: false)) != nil else { continue }
            bytes += size
            gone.append(JSON(container.id))
        }
        return ["ContainersDeleted": .array(gone), "SpaceReclaimed": JSON(bytes)]
    }
}
