// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import JSONText
import Vocabulary

// Volumes (ENGINE-8).

extension Engine {
    /// The most volumes of one engine: each record is some hundreds of bytes.
    static let volumesMax = 4_096

    /// Takes up the volumes that are there, and finishes removals that were cut off.
    func restoreVolumes() async throws(DiskFailure) {
        for folder in ["volumes", "gone"] { try await effects.disk.createFolder(folder) }
        for name in try await effects.disk.list("volumes") {
            let path = "volumes/\(name)/volume.json"
            guard
                let bytes = try? await effects.disk.read(path, limit: Self.recordBytesMax),
                let json = try? JSON(parsing: bytes),
                let volume = EngineVolume(json), volume.name == name
            else {
                settings.log("\(path) cannot be read; what is in its folder stays as it is")
                continue
            }
            volumes[name] = volume
        }
        for name in try await effects.disk.list("gone") {
            try? await blocking { [root = settings.root] () throws(ImageFailure) in
                try FolderRemoval.remove("\(root)/gone/\(name)")
            }
        }
    }

    /// Makes a volume, or returns the one of that name.
    func createVolume(_ body: JSON) async throws(EngineFailure) -> EngineVolume {
        let driver = body["Driver"]?.text ?? ""
        guard ["", "local"].contains(driver) else {
            throw .unsupported("the volume driver '\(driver)'")
        }
        let given = body["Name"]?.text ?? ""
        if !given.isEmpty { try MountWish.checkName(given) }
        return try await makeVolume(
            given.isEmpty ? nil : given, labels: body["Labels"] ?? [:],
            options: body["DriverOpts"] ?? [:])
    }

    func makeVolume(
        _ name: String?, labels: JSON, options: JSON
    ) async throws(EngineFailure) -> EngineVolume {
        if let name, let known = volumes[name] { return known }
        guard volumes.count < Self.volumesMax else {
            throw EngineFailure(.conflict, "there are \(Self.volumesMax) volumes already")
        }
        let own = labels.members == nil ? [:] : labels
        let volume = try EngineVolume(
            name: name ?? digits(64), created: now,
            labels: name == nil ? own.replacing(EngineVolume.anonymousLabel, by: "") : own,
            options: options)
        volumes[volume.name] = volume
        var writer = JSONWriter()
        writer.value(volume.json)
        do throws(DiskFailure) {
            try await effects.disk.createFolder("\(volume.folder)/_data")
            try await effects.disk.replace("\(volume.folder)/volume.json", with: writer.bytes)
        } catch {
            volumes[volume.name] = nil
            throw EngineFailure(error)
        }
        // Programs of containers have users of their own.
        try await blocking {
            [files = "\(settings.root)/\(volume.folder)/_data"]
            () throws(ImageFailure) in
            try MachineFolder.open(files)
        }
        note(.volume, "create", volume.name, ["driver": "local"])
        return volume
    }

    func volume(_ name: String) throws(EngineFailure) -> EngineVolume {
        guard let volume = volumes[name] else {
            throw EngineFailure(.notFound, "get \(name): no such volume")
        }
        return volume
    }

    /// The containers that have a volume.
    func users(of volume: String) -> [EngineContainer] {
        containers.values.filter { $0.mounts.contains { $0.name == volume } }
    }

    /// Removes a volume with its files.
    ///
    /// - Parameter isForced: Whether one that is not there is fine.
    func removeVolume(_ name: String, isForced: Bool) async throws(EngineFailure) {
        guard isForced ? volumes[name] != nil : true else { return }
        let volume = try volume(name)
        let users = users(of: name).map(\.id).sorted()
        guard users.isEmpty else {
            throw EngineFailure(
                .conflict,
                "remove \(name): volume is in use - [\(users.joined(separator: ", "))]")
        }
        volumes[name] = nil
        let gone = "\(settings.root)/gone/\(digits(16))"
        let folder = "\(settings.root)/\(volume.folder)"
        try await blocking { () throws(ImageFailure) in
            // In one step out of sight: a volume is there whole or not at all.
            try MachineFolder.move(folder, to: gone)
            try FolderRemoval.remove(gone)
        }
        note(.volume, "destroy", name, ["driver": "local"])
    }

    /// Removes volumes that no container has: those that nobody named, or all.
    ///
    /// - Returns: Their names, and the bytes they had.
    func pruneVolumes(_ filters: ListFilters) async throws(EngineFailure) -> JSON {
        try filters.check(["all", "label", "label!"])
        let takesAll = filters["all"].contains { ["1", "true"].contains($0) }
        var names: [JSON] = []
        var bytes: Int64 = 0
        for volume in volumes.values.sorted(by: { $0.name < $1.name })
        where (takesAll || volume.isAnonymous) && users(of: volume.name).isEmpty
            && filters.matches(labels: volume.labels)
        {
            bytes += try await size(volume)
            try await removeVolume(volume.name, isForced: true)
            names.append(JSON(volume.name))
        }
        return ["VolumesDeleted": .array(names), "SpaceReclaimed": JSON(bytes)]
    }

    func size(_ volume: EngineVolume) async throws(EngineFailure) -> Int64 {
        let files = "\(settings.root)/\(volume.folder)/_data"
        return try await blocking { () throws(ImageFailure) in MachineFolder.size(files) }
    }

    /// Does what blocks a thread, beside the engine.
    func blocking<Value: Sendable>(
        _ body: @escaping @Sendable () throws(ImageFailure) -> Value
    ) async throws(EngineFailure) -> Value {
        let result = await effects.workers.run { () -> Result<Value, ImageFailure> in
            do throws(ImageFailure) {
                return .success(try body())
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let failure): throw EngineFailure(failure)
        }
    }
}
