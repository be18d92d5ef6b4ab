// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import JSONText

// What containers have besides their image's files (ENGINE-8).

extension Engine {
    /// Where a new container has which files; volumes that are missing are made.
    func mountPoints(_ body: JSON) async throws(EngineFailure) -> [MountPoint] {
        let wishes = try MountWish.all(body)
        var points: [MountPoint] = []
        let own = Set(
            wishes.filter { $0.point.kind != .volume || $0.point.name != nil }
                .map(\.point.destination))
        for text in ContainerOptions.texts(body["HostConfig"]?["VolumesFrom"]) ?? [] {
            points += try mounts(of: text).filter { !own.contains($0.destination) }
        }
        let inherited = Set(points.map(\.destination))
        do throws(EngineFailure) {
            for wish in wishes where !inherited.contains(wish.point.destination) {
                points.append(try await settle(wish))
            }
        } catch {
            await removeAnonymous(of: points)
            throw error
        }
        return points.sorted { ($0.depth, $0.destination) < ($1.depth, $1.destination) }
    }

    /// What another container has, as `name`, `name:ro` or `name:rw` ask for it.
    private func mounts(of text: String) throws(EngineFailure) -> [MountPoint] {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let mode = parts.count == 2 ? parts[1] : "rw"
        guard let name = parts.first, ["ro", "rw"].contains(mode) else {
            throw EngineFailure(.badRequest, "invalid mode: \(mode)")
        }
        return try container(name).mounts.map { point in
            MountPoint(
                kind: point.kind, name: point.name, source: point.source,
                destination: point.destination, isWritable: point.isWritable && mode == "rw",
                mode: point.mode, options: point.options)
        }
    }

    private func settle(_ wish: MountWish) async throws(EngineFailure) -> MountPoint {
        var point = wish.point
        switch point.kind {
        case .tmpfs: break
        case .bind:
            let source = point.source
            let isThere = try await blocking { () throws(ImageFailure) in
                if wish.makesSource { try MachineFolder.create(source) }
                return MachineFolder.exists(source)
            }
            guard isThere else {
                throw EngineFailure(
                    .badRequest,
                    "invalid mount config for type \"bind\": bind source path does not exist: "
                        + source)
            }
        case .volume:
            let volume = try await makeVolume(
                point.name, labels: wish.labels, options: wish.options)
            point.name = volume.name
            point.source = volume.files(below: settings.root)
        }
        return point
    }

    /// Removes the volumes of these places that nobody named and nobody else has.
    func removeAnonymous(of points: [MountPoint]) async {
        for point in points {
            guard let name = point.name, volumes[name]?.isAnonymous == true else { continue }
            try? await removeVolume(name, isForced: true)
        }
    }

    // MARK: Copies

    /// Puts what the image has at the place of an empty volume into it, once.
    func fillVolumes(of container: EngineContainer) async throws(EngineFailure) {
        for point in container.mounts where point.kind == .volume && point.copies {
            guard let name = point.name else { continue }
            let key = "volume \(name)"
            while !busy.insert(key).inserted { await effects.time.sleep(milliseconds: 10) }
            defer { busy.remove(key) }
            let volume = try volume(name)
            let files = volume.files(below: settings.root)
            let image = "\(settings.root)/\(container.folder)/rootfs"
            let mark = "\(settings.root)/\(volume.folder)/filling"
            try await blocking { () throws(ImageFailure) in
                try Self.fill(files, from: image, at: point.destination, mark: mark)
            }
        }
    }

    private static func fill(
        _ files: String, from image: String, at place: String, mark: String
    ) throws(ImageFailure) {
        // A copy that was cut off is made again.
        if MachineFolder.exists(mark) { try MachineFolder.empty(files) }
        guard MachineFolder.isEmpty(files) else { return }
        let root = try InsideRoot(folder: image)
        guard let status = try? root.status(place + "/."), status.isFolder else { return }
        try FolderArchive.write(place + "/.", in: root, to: mark)
        var placing = FolderArchive.Placing()
        placing.setsRoot = true
        try FolderArchive.place(mark, in: try InsideRoot(folder: files), at: "/", placing)
        try FolderRemoval.remove(mark)
    }
}
