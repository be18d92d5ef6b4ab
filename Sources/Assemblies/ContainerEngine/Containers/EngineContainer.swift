// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import JSONText
import Vocabulary

/// A container as the engine remembers it, and where it is in its life.
struct EngineContainer: Sendable {
    /// Where a container is in its life.
    enum Status: String {
        case created, running, paused, restarting, exited
    }

    /// 64 hexadecimal digits.
    let id: String
    var name: String
    let created: Timestamp
    /// What the client asked for, joined with what its image says.
    var body: JSON
    /// The digest of the image's configuration.
    let image: String
    /// Where the image's manifest is.
    let manifest: Descriptor
    /// Where it has files that are not the image's.
    var mounts: [MountPoint] = []
    /// What is run, as the image and the client say it together.
    let arguments: [String]
    var status = Status.created
    var process: Int64 = 0
    var exitCode: Int64 = 0
    var ranOutOfMemory = false
    /// The last start and the last end; 0 before there was one.
    var started = Timestamp(0)
    var finished = Timestamp(0)
    /// Why it could not be begun, in words.
    var error = ""
    /// How often it was begun again by its restart policy.
    var restarts = 0
    /// Whether a client stopped it: then it is not begun again.
    var isStoppedByHand = false

    /// What the runtime calls it: short enough for its sockets' paths.
    var runtimeName: String { String(id.prefix(32)) }
    /// Its folder below the engine's root.
    var folder: String { "containers/\(id)" }
    var hasTerminal: Bool { body["Tty"]?.flag ?? false }
    var opensInput: Bool { body["OpenStdin"]?.flag ?? false }
    var endsInput: Bool { body["StdinOnce"]?.flag ?? false }
    var removesItself: Bool { body["HostConfig"]?["AutoRemove"]?.flag ?? false }
    /// Whether its first process is there.
    var isAlive: Bool { status == .running || status == .paused }

    init(
        id: String, name: String, created: Timestamp, body: JSON, image: String,
        manifest: Descriptor, arguments: [String]
    ) {
        self.id = id
        self.name = name
        self.created = created
        self.body = body
        self.image = image
        self.manifest = manifest
        self.arguments = arguments
    }

    /// A time as Docker's clients read it.
    static func text(_ time: Timestamp) -> String {
        time.value == 0 ? "0001-01-01T00:00:00Z" : time.utc
    }

    // MARK: As it is kept

    var json: JSON {
        [
            "id": JSON(id), "name": JSON(name), "created": JSON(created.value), "body": body,
            "image": JSON(image), "manifest": manifest.json,
            "mounts": .array(mounts.map(\.json)), "arguments": .array(arguments.map { JSON($0) }),
            "status": JSON(status.rawValue), "process": JSON(process),
            "exitCode": JSON(exitCode), "ranOutOfMemory": .bool(ranOutOfMemory),
            "started": JSON(started.value), "finished": JSON(finished.value),
            "error": JSON(error), "restarts": JSON(restarts),
            "isStoppedByHand": .bool(isStoppedByHand),
        ]
    }

    /// Reads what was kept; nil when it is not that.
    init?(_ json: JSON) {
        guard let id = json["id"]?.text, let name = json["name"]?.text,
            let created = json["created"]?.unsigned, let body = json["body"],
            let image = json["image"]?.text, let described = json["manifest"],
            let manifest = try? Descriptor(described),
            let status = json["status"]?.text.flatMap(Status.init(rawValue:))
        else { return nil }
        self.init(
            id: id, name: name, created: Timestamp(created), body: body, image: image,
            manifest: manifest, arguments: ContainerOptions.texts(json["arguments"]) ?? [])
        self.status = status
        process = json["process"]?.signed ?? 0
        exitCode = json["exitCode"]?.signed ?? 0
        ranOutOfMemory = json["ranOutOfMemory"]?.flag ?? false
        started = Timestamp(json["started"]?.unsigned ?? 0)
        finished = Timestamp(json["finished"]?.unsigned ?? 0)
        mounts = (json["mounts"]?.elements ?? []).compactMap { MountPoint($0) }
        error = json["error"]?.text ?? ""
        restarts = Int(json["restarts"]?.unsigned ?? 0)
        isStoppedByHand = json["isStoppedByHand"]?.flag ?? false
    }
}
