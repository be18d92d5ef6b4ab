// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText

/// A program that is run in a container beside its first one.
struct EngineEntry: Sendable {
    /// 64 hexadecimal digits.
    let id: String
    /// The container's id.
    let container: String
    let arguments: [String]
    let hasTerminal: Bool
    let opensInput: Bool
    let user: String
    let folder: String?
    let environment: [String]
    var isRunning = false
    var exitCode: Int64?

    /// What the runtime calls it.
    var runtimeName: String { String(id.prefix(16)) }

    /// Where its process's number is written, below the engine's root.
    func processFile(in container: EngineContainer) -> String {
        "\(container.folder)/exec-\(runtimeName).pid"
    }
}

// Programs run in containers.

extension Engine {
    /// The most entries that are remembered: each some hundreds of bytes.
    static let entriesMax = 16_384

    /// Remembers a program to run in a container.
    func createEntry(_ name: String, _ body: JSON) throws(EngineFailure) -> EngineEntry {
        let container = try container(name)
        guard container.status == .running else {
            throw EngineFailure(.conflict, "Container \(container.id) is not running")
        }
        let arguments = ContainerOptions.texts(body["Cmd"]) ?? []
        guard !arguments.isEmpty, arguments.count <= ContainerOptions.wordsMax else {
            throw EngineFailure(.badRequest, "No exec command specified")
        }
        // A program has no more rights than its container (RUNTIME-19).
        let isPrivileged = container.body["HostConfig"]?["Privileged"]?.flag == true
        guard isPrivileged || body["Privileged"]?.flag != true else {
            throw .unsupported("Privileged")
        }
        if entries.count >= Self.entriesMax {
            entries = entries.filter { $0.value.isRunning }
            guard entries.count < Self.entriesMax else {
                throw EngineFailure(.conflict, "too many programs run in containers")
            }
        }
        let entry = EngineEntry(
            id: digits(64), container: container.id, arguments: arguments,
            hasTerminal: body["Tty"]?.flag ?? false,
            opensInput: body["AttachStdin"]?.flag ?? false,
            user: body["User"]?.text ?? "", folder: body["WorkingDir"]?.text,
            environment: ContainerOptions.texts(body["Env"]) ?? [])
        entries[entry.id] = entry
        noteEntry("exec_create", entry, container)
        return entry
    }

    private func noteEntry(
        _ action: String, _ entry: EngineEntry, _ container: EngineContainer
    ) {
        let words = entry.arguments.joined(separator: " ")
        note("\(action): \(words)", container, [JSON.Member("execID", JSON(entry.id))])
    }

    func entry(_ id: String) throws(EngineFailure) -> EngineEntry {
        guard let entry = entries[id] else {
            throw EngineFailure(.notFound, "No such exec instance: \(id)")
        }
        return entry
    }

    /// Prepares it: it begins when it is first listened to.
    func startEntry(_ id: String) async throws(EngineFailure) {
        var entry = try entry(id)
        guard !entry.isRunning, entry.exitCode == nil else {
            throw EngineFailure(.conflict, "exec \(id) has been run already")
        }
        let container = try container(entry.container)
        let options = try ContainerOptions(container.body)
        let user = entry.user.isEmpty ? options.user : entry.user
        let bundle = Bundle(
            container: container, options: options,
            user: try await self.user(
                user, in: container, groups: options.isolation.groups),
            root: "", given: "")
        let process = bundle.process(
            entry.arguments, options.environment + entry.environment, entry.hasTerminal,
            entry.folder.flatMap { $0.isEmpty ? nil : $0 } ?? options.folder)
        let file = "\(container.folder)/exec-\(entry.runtimeName).json"
        var writer = JSONWriter()
        writer.value(process)
        do throws(DiskFailure) {
            try await effects.disk.replace(file, with: writer.bytes)
        } catch {
            throw EngineFailure(error)
        }
        try await runtime.run(
            [
                "watch", "--exec", entry.runtimeName, "--process", "\(settings.root)/\(file)",
                "--pid-file", "\(settings.root)/\(entry.processFile(in: container))",
            ]
                + (entry.opensInput && !entry.hasTerminal ? ["--input"] : [])
                + [container.runtimeName])
        entry.isRunning = true
        entries[id] = entry
        noteEntry("exec_start", entry, container)
        try? await effects.disk.remove(file)
    }

    /// Listens to it from its first word on.
    func listen(toEntry id: String) async throws(EngineFailure) -> any ByteStream {
        let entry = try entry(id)
        return try await entryPoint(entry, in: try container(entry.container))
            .attach(entry.opensInput ? .speakLast : .listen)
    }

    /// The number of an entry's process on the machine, once it is there.
    func process(ofEntry id: String) async -> Int32? {
        guard let entry = entries[id], let container = containers[entry.container] else {
            return nil
        }
        let bytes = try? await effects.disk.read(entry.processFile(in: container), limit: 64)
        return Int32(String(decoding: bytes ?? [], as: UTF8.self).prefix { $0.isNumber })
    }

    /// Kills an entry's process, if it is still there.
    func killEntry(_ id: String) async {
        for _ in 0..<Self.killAttemptsMax {
            guard let entry = entries[id], let container = containers[entry.container] else {
                return
            }
            if let number = await process(ofEntry: id) {
                // Its number may be another's by now: only the container's processes are killed.
                let list = try? await runtime.ask([
                    "ps", "--format", "json", container.runtimeName,
                ])
                if list?.elements?.contains(JSON(number)) == true {
                    try? effects.processes.signal(number, 9)
                }
                return
            }
            await effects.time.sleep(milliseconds: 20)
        }
    }

    /// How often it is looked whether an entry has a process by now: for five seconds.
    private static let killAttemptsMax = 250

    func entryPoint(_ entry: EngineEntry, in container: EngineContainer) -> AttachPoint {
        AttachPoint(
            effects: effects,
            folder: "\(settings.state)/\(container.runtimeName)/exec-\(entry.runtimeName)")
    }

    /// Notes that its streams have ended, and returns why it could not be run, if so.
    func finishEntry(_ id: String) async -> String? {
        guard var entry = entries[id], let container = containers[entry.container] else {
            return nil
        }
        let book = "run/\(container.runtimeName)/exec-\(entry.runtimeName)/events"
        let ending = await ProgramEnding(effects, book: book)
        try? await effects.disk.remove(entry.processFile(in: container))
        entry.isRunning = false
        entry.exitCode = ending?.code ?? 137
        entries[id] = entry
        note(
            "exec_die", container,
            [
                JSON.Member("execID", JSON(entry.id)),
                JSON.Member("exitCode", JSON("\(entry.exitCode ?? 137)")),
            ])
        return ending?.reason
    }
}
