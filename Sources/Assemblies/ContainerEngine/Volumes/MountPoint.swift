// SPDX-License-Identifier: Apache-2.0
import JSONText

/// A place of a container where files appear that are not its image's (ENGINE-8).
struct MountPoint: Sendable {
    /// Where the files come from.
    enum Kind: String {
        /// A folder or file of the machine.
        case bind
        case volume
        /// The machine's memory.
        case tmpfs
    }

    let kind: Kind
    /// The volume's.
    var name: String?
    /// The machine's path; nothing for memory.
    var source: String
    let destination: String
    let isWritable: Bool
    /// What Docker's clients are shown as `Mode`.
    let mode: String
    /// Further options: a tmpfs's own, or `bind` for a mount without those below it.
    let options: [String]
    /// Whether a volume that is empty begins with what the image has there.
    var copies: Bool

    /// How deep it lies: what lies higher is mounted first.
    var depth: Int { destination.split(separator: "/").count }

    /// As the runtime's configuration has it.
    var configuration: JSON {
        var words = options
        if kind != .tmpfs {
            if !words.contains("bind") { words.append("rbind") }
            words.append("rprivate")
        }
        // What is mounted below is not to be written to either.
        if !isWritable { words += kind == .tmpfs ? ["ro"] : ["ro", "rro"] }
        return [
            "destination": JSON(destination), "type": JSON(kind == .tmpfs ? "tmpfs" : "bind"),
            "source": JSON(kind == .tmpfs ? "tmpfs" : source),
            "options": .array(words.map { JSON($0) }),
        ]
    }

    /// As Docker's clients read it.
    var inspection: JSON {
        var members = [JSON.Member("Type", JSON(kind.rawValue))]
        if let name { members.append(JSON.Member("Name", JSON(name))) }
        members += [
            JSON.Member("Source", JSON(source)), JSON.Member("Destination", JSON(destination)),
        ]
        if kind == .volume { members.append(JSON.Member("Driver", "local")) }
        members += [
            JSON.Member("Mode", JSON(mode)), JSON.Member("RW", .bool(isWritable)),
            JSON.Member("Propagation", kind == .bind ? "rprivate" : ""),
        ]
        return .object(members)
    }

    // MARK: As it is kept

    var json: JSON {
        [
            "kind": JSON(kind.rawValue), "name": name.map { JSON($0) } ?? .null,
            "source": JSON(source), "destination": JSON(destination),
            "isWritable": .bool(isWritable), "mode": JSON(mode),
            "options": .array(options.map { JSON($0) }), "copies": .bool(copies),
        ]
    }

    init(
        kind: Kind, name: String? = nil, source: String = "", destination: String,
        isWritable: Bool = true, mode: String = "", options: [String] = [], copies: Bool = false
    ) {
        self.kind = kind
        self.name = name
        self.source = source
        self.destination = destination
        self.isWritable = isWritable
        self.mode = mode
        self.options = options
        self.copies = copies
    }

    /// Reads what was kept; nil when it is not that.
    init?(_ json: JSON) {
        guard let kind = json["kind"]?.text.flatMap(Kind.init(rawValue:)),
            let destination = json["destination"]?.text
        else { return nil }
        self.init(
            kind: kind, name: json["name"]?.text, source: json["source"]?.text ?? "",
            destination: destination, isWritable: json["isWritable"]?.flag ?? false,
            mode: json["mode"]?.text ?? "",
            options: ContainerOptions.texts(json["options"]) ?? [],
            copies: json["copies"]?.flag ?? false)
    }
}
