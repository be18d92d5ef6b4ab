// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import JSONText

// Files go into containers and come out (ENGINE-14).

extension Engine {
    /// The most bytes of an archive that a client sends: a layer's.
    static let archiveBytesMax = UInt64(ImageLimits().layerBytes)

    /// What stands at a path of a container.
    func status(of path: String, in name: String) async throws(EngineFailure) -> PathStatus {
        let container = try container(name)
        let place = try Self.absolute(path)
        return try await withFiles(of: container, missing: path) {
            root throws(ImageFailure) in try root.status(place)
        }
    }

    /// What stands at a path of a container, and it as an archive.
    func archive(
        of path: String, in name: String
    ) async throws(EngineFailure) -> (status: PathStatus, file: any FileReader) {
        let container = try container(name)
        let place = try Self.absolute(path)
        let copy = "copies/\(digits(16))"
        let target = "\(settings.root)/\(copy)"
        let status: PathStatus
        do throws(EngineFailure) {
            status = try await withFiles(of: container, missing: path) {
                root throws(ImageFailure) in
                try FolderArchive.write(place, in: root, to: target)
                return try root.status(place)
            }
        } catch {
            try? await effects.disk.remove(copy)
            throw error
        }
        return (status, try await opened(copy))
    }

    /// All files of a container without those of its mounts, as an archive.
    func export(_ name: String) async throws(EngineFailure) -> any FileReader {
        let container = try container(name)
        let copy = "copies/\(digits(16))"
        let target = "\(settings.root)/\(copy)"
        let root = "\(settings.root)/\(container.folder)/rootfs"
        let write: @Sendable (InsideRoot?) throws(ImageFailure) -> Void = {
            _ throws(ImageFailure) in
            try FolderArchive.writeAll(try InsideRoot(folder: root), to: target)
        }
        do throws(EngineFailure) {
            if container.isAlive {
                try await blocking { () throws(ImageFailure) in try write(nil) }
            } else {
                try await withMounted(container, withMounts: false, write)
            }
        } catch {
            try? await effects.disk.remove(copy)
            throw error
        }
        note("export", container)
        return try await opened(copy)
    }

    /// The file, whose name goes at once: it is gone when it is closed, however the engine ends.
    private func opened(_ copy: String) async throws(EngineFailure) -> any FileReader {
        do throws(DiskFailure) {
            let file = try await effects.disk.open(copy)
            try await effects.disk.remove(copy)
            return file
        } catch {
            throw EngineFailure(error)
        }
    }

    /// Puts an archive's files into a folder of a container.
    ///
    /// - Parameter keepsKinds: Whether a folder never takes a file's place, nor a file a folder's.
    func place(
        _ body: HTTPRequestBody, at path: String, in name: String, keepsKinds: Bool
    ) async throws {
        let container = try container(name)
        let place = try Self.absolute(path)
        try Self.checkWritable(container, place)
        let copy = "copies/\(digits(16))"
        do {
            let writer = try await effects.disk.create(copy)
            do {
                while let bytes = try await body.next() { try await writer.append(bytes) }
                try await writer.finish()
            } catch {
                await writer.discard()
                throw error
            }
            let file = "\(settings.root)/\(copy)"
            try await withFiles(of: container, missing: path) { root throws(ImageFailure) in
                guard (try? root.status(place + "/."))?.isFolder == true else {
                    // What is not there at all is told so.
                    _ = try root.status(place)
                    throw .badLayer(entry: "", reason: "extraction point is not a directory")
                }
                var placing = FolderArchive.Placing()
                placing.keepsKinds = keepsKinds
                try FolderArchive.place(file, in: root, at: place, placing)
            }
        } catch {
            try? await effects.disk.remove(copy)
            if let failure = error as? DiskFailure { throw EngineFailure(failure) }
            throw error
        }
        try? await effects.disk.remove(copy)
    }

    private static func checkWritable(
        _ container: EngineContainer, _ path: String
    ) throws(EngineFailure) {
        let point = container.mounts.last { point in
            path == point.destination || path.hasPrefix(point.destination + "/")
        }
        guard point?.isWritable != false else {
            throw EngineFailure(403, "mounted volume is marked read-only")
        }
        let isReadOnly = container.body["HostConfig"]?["ReadonlyRootfs"]?.flag ?? false
        guard point != nil || !isReadOnly else {
            throw EngineFailure(403, "container rootfs is marked read-only")
        }
    }

    /// The path from the root on without what says nothing, but for a last `/.`.
    private static func absolute(_ path: String) throws(EngineFailure) -> String {
        guard !path.isEmpty, path.utf8.count <= ImageLimits.pathBytesMax else {
            throw EngineFailure(.badRequest, "path cannot be empty, nor longer than 4095 bytes")
        }
        let plain = MountWish.clean(path)
        let follows = path.hasSuffix("/") || path.hasSuffix("/.")
        return follows && plain != "/" ? plain + (path.hasSuffix("/.") ? "/." : "/") : plain
    }

    // MARK: Roots

    /// Does something with a container's files as it sees them: through its first process, or
    /// mounted for as long as it takes.
    private func withFiles<Value: Sendable>(
        of container: EngineContainer, missing path: String,
        _ body: @escaping @Sendable (InsideRoot) throws(ImageFailure) -> Value
    ) async throws(EngineFailure) -> Value {
        do throws(EngineFailure) {
            if container.isAlive {
                let (process, mark) = (container.process, container.runtimeName)
                return try await blocking { () throws(ImageFailure) in
                    try body(try InsideRoot(ofProcess: process, mark: mark))
                }
            }
            return try await withMounted(container, withMounts: true, body)
        } catch {
            guard error.status == .notFound else { throw error }
            throw EngineFailure(
                .notFound, "Could not find the file \(path) in container \(container.name)")
        }
    }

    private func withMounted<Value: Sendable>(
        _ container: EngineContainer, withMounts: Bool,
        _ body: @escaping @Sendable (InsideRoot) throws(ImageFailure) -> Value
    ) async throws(EngineFailure) -> Value {
        try await alone(container.id) { () async throws(EngineFailure) in
            let root = "\(settings.root)/\(container.folder)/rootfs"
            let points = withMounts ? container.mounts.filter { $0.kind != .tmpfs } : []
            try await mount(container)
            let result: Result<Value, EngineFailure>
            do throws(EngineFailure) {
                result = .success(
                    try await blocking { () throws(ImageFailure) in
                        let inside = try InsideRoot(folder: root)
                        for point in points {
                            try TemporaryBind.mount(
                                point.source, in: inside, at: point.destination,
                                isWritable: point.isWritable)
                        }
                        return try body(inside)
                    })
            } catch {
                result = .failure(error)
            }
            try await blocking { () throws(ImageFailure) in try LayerMount.unmount(root) }
            return try result.get()
        }
    }
}
