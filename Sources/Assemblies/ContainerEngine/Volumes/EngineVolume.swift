// SPDX-License-Identifier: Apache-2.0
import JSONText
import Vocabulary

/// Files that outlive containers, as the engine remembers them (ENGINE-8).
struct EngineVolume: Sendable {
    let name: String
    let created: Timestamp
    /// What a client wrote on it.
    let labels: JSON
    /// The machine's folder that it stands for, where it was given one.
    let device: String?
    let options: JSON

    /// The label of volumes that nobody named.
    static let anonymousLabel = "com.docker.volume.anonymous"

    var isAnonymous: Bool { labels[Self.anonymousLabel] != nil }
    /// Its folder below the engine's root.
    var folder: String { Self.folder(name) }
    static func folder(_ name: String) -> String { "volumes/\(name)" }

    /// Where its files lie.
    func files(below root: String) -> String { device ?? "\(root)/\(folder)/_data" }

    /// - Throws: ``EngineFailure`` for options that are not done here, by their names.
    init(
        name: String, created: Timestamp, labels: JSON, options: JSON
    ) throws(EngineFailure) {
        self.name = name
        self.created = created
        self.labels = labels
        self.options = options
        device = try Self.device(options)
    }

    /// What `mount -o bind` would be told, and nothing else: quotas and file systems of others
    /// are refused.
    private static func device(_ options: JSON) throws(EngineFailure) -> String? {
        let members = options.members ?? []
        guard !members.isEmpty else { return nil }
        for member in members where !["type", "o", "device"].contains(member.name) {
            throw .unsupported("the volume option '\(member.name)'")
        }
        let type = options["type"]?.text ?? ""
        let flags = (options["o"]?.text ?? "").split(separator: ",")
        guard ["", "none", "bind"].contains(type), flags.contains("bind") else {
            throw .unsupported("a volume of type '\(type)'")
        }
        for flag in flags where !["bind", "rw"].contains(flag) {
            throw .unsupported("the volume option 'o=\(flag)'")
        }
        guard let device = options["device"]?.text, device.hasPrefix("/") else {
            throw EngineFailure(.badRequest, "a volume's device is an absolute path")
        }
        return device
    }

    /// As Docker's clients read it.
    func inspection(below root: String) -> JSON {
        [
            "CreatedAt": JSON(EngineContainer.text(created)), "Driver": "local",
            "Labels": (labels.members ?? []).isEmpty ? .null : labels,
            "Mountpoint": JSON("\(root)/\(folder)/_data"), "Name": JSON(name),
            "Options": (options.members ?? []).isEmpty ? .null : options, "Scope": "local",
        ]
    }

    // MARK: As it is kept

    var json: JSON {
        [
            "name": JSON(name), "created": JSON(created.value), "labels": labels,
            "options": options,
        ]
    }

    /// Reads what was kept; nil when it is not that.
    init?(_ json: JSON) {
        guard let name = json["name"]?.text, let created = json["created"]?.unsigned else {
            return nil
        }
        try? self.init(
            name: name, created: Timestamp(created), labels: json["labels"] ?? [:],
            options: json["options"] ?? [:])
    }
}
