// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import JSONText
import Vocabulary

/// Images and containers of one machine, and what happens to them (specs/engine.md).
///
/// Everything that outlives the engine lies on the disk: containers run on when it ends, and are
/// taken up again when it begins (ENGINE-3).
actor Engine {
    let effects: Effects
    let settings: EngineSettings
    let content: ContentStore
    let layers: LayerStore
    let runtime: RuntimeCall
    let board: NetworkBoard
    /// The folder is this engine's alone.
    private let lock: FolderLock
    var containers: [String: EngineContainer] = [:]
    var entries: [String: EngineEntry] = [:]
    var volumes: [String: EngineVolume] = [:]
    var events: [EngineEvent] = []
    /// How many images are being fetched now: what they bring has no name yet.
    var fetches = 0
    var listeners: [UInt64: EventListener] = [:]
    /// Containers that a request is changing now: another waits for none, it is told.
    var busy: Set<String> = []
    /// How many clients read the logs of containers, and containers that are being removed.
    var readers: [String: Int] = [:]
    var leaving: Set<String> = []
    /// How long was waited before containers were begun again.
    var pauses: [String: UInt64] = [:]
    var health: [String: Health] = [:]
    var checks: [String: any SpawnedTask] = [:]
    var ends: [String: [EndGate]] = [:]
    var removals: [String: [EndGate]] = [:]
    var waiting: [String: [WaitingClient]] = [:]
    /// Images that steps of builds begin with and no name leads to: by configuration, the manifest.
    var nameless: [ContentDigest: Descriptor] = [:]

    /// The most containers of one engine: each record is some 10 KB.
    static let containersMax = 4_096
    /// The most bytes of one record: a request's body and what is added.
    static let recordBytesMax = 2 << 20

    /// Opens the stores and takes up what is there.
    ///
    /// - Throws: ``EngineFailure``.
    init(_ effects: Effects, _ settings: EngineSettings) async throws(EngineFailure) {
        guard settings.root.utf8.count <= EngineSettings.rootBytesMax else {
            throw EngineFailure(
                .badRequest,
                "the folder \(settings.root) has more than \(EngineSettings.rootBytesMax) bytes")
        }
        self.effects = effects
        self.settings = settings
        runtime = RuntimeCall(effects: effects, settings: settings)
        board = NetworkBoard(effects, log: settings.log)
        do throws(ImageFailure) {
            content = try ContentStore(opening: settings.root + "/content")
            layers = try LayerStore(opening: settings.root + "/layers")
            lock = try FolderLock(settings.root)
        } catch {
            throw EngineFailure(error)
        }
        try await restore()
    }

    // MARK: What is kept

    private func restore() async throws(EngineFailure) {
        do throws(DiskFailure) {
            // What was being copied when the engine ended is of no use.
            try await effects.disk.removeFolder("copies")
            try await effects.disk.createFolder("copies")
            try await restoreVolumes()
            try await effects.disk.createFolder("containers")
            for id in try await effects.disk.list("containers") {
                let path = "containers/\(id)/container.json"
                guard
                    let bytes = try? await effects.disk.read(path, limit: Self.recordBytesMax),
                    let json = try? JSON(parsing: bytes),
                    let container = EngineContainer(json), container.id == id
                else {
                    settings.log("\(path) cannot be read; what is in its folder stays as it is")
                    continue
                }
                containers[id] = container
            }
        } catch {
            throw EngineFailure(error)
        }
        try await board.restore()
        await restoreNetworks()
        for container in containers.values where container.isAlive {
            settings.log("container \(container.name) ran on")
            keep(container)
        }
        resumeRestarts()
    }

    /// Writes a container down.
    func save(_ container: EngineContainer) async throws(EngineFailure) {
        containers[container.id] = container
        var writer = JSONWriter()
        writer.value(container.json)
        do throws(DiskFailure) {
            try await effects.disk.createFolder(container.folder)
            try await effects.disk.replace(
                "\(container.folder)/container.json", with: writer.bytes)
        } catch {
            throw EngineFailure(error)
        }
    }

    // MARK: Finding

    /// A container by its name, its id, or the beginning of its id that no other has.
    func container(_ name: String) throws(EngineFailure) -> EngineContainer {
        let plain = name.hasPrefix("/") ? String(name.dropFirst()) : name
        if let exact = containers[plain] { return exact }
        if let named = containers.values.first(where: { $0.name == plain }) { return named }
        let found = containers.keys.filter { !plain.isEmpty && $0.hasPrefix(plain) }
        guard let id = found.first, let container = containers[id] else {
            throw .noContainer(name)
        }
        guard found.count == 1 else {
            throw EngineFailure(.badRequest, "Multiple IDs found with provided prefix: \(plain)")
        }
        return container
    }

    /// Does something that nobody else may do to the container at the same time.
    func alone<Value>(
        _ id: String, _ body: () async throws(EngineFailure) -> Value
    ) async throws(EngineFailure) -> Value {
        guard busy.insert(id).inserted else {
            throw EngineFailure(.conflict, "container \(id) is being changed by another request")
        }
        defer { busy.remove(id) }
        return try await body()
    }

    var now: Timestamp { effects.time.wallClock() }

    /// So many random hexadecimal digits.
    func digits(_ count: Int) -> String {
        effects.chance.bytes(count / 2).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}
