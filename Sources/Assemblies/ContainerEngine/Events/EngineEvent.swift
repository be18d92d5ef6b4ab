// SPDX-License-Identifier: Apache-2.0
import JSONText
import Vocabulary

/// Something that happened (ENGINE-9).
struct EngineEvent: Sendable {
    /// What it happened to.
    enum Kind: String {
        case container, image, volume, network
    }

    let kind: Kind
    /// In Docker's words, such as `start`, or `exec_start: sh -c true`.
    let action: String
    /// What it happened to, by its id or name.
    let id: String
    let attributes: [JSON.Member]
    let time: Timestamp

    /// One line, as Docker's clients read it.
    var line: String {
        var members: [JSON.Member] = []
        if kind == .container || kind == .image {
            members = [JSON.Member("status", JSON(action)), JSON.Member("id", JSON(id))]
        }
        if kind == .container, let image = attributes.first(where: { $0.name == "image" }) {
            members.append(JSON.Member("from", image.value))
        }
        members += [
            JSON.Member("Type", JSON(kind.rawValue)), JSON.Member("Action", JSON(action)),
            JSON.Member("Actor", ["ID": JSON(id), "Attributes": .object(attributes)]),
            JSON.Member("scope", "local"), JSON.Member("time", JSON(time.value / 1_000)),
            JSON.Member("timeNano", JSON(time.value * 1_000_000)),
        ]
        var writer = JSONWriter()
        writer.value(.object(members))
        return writer.text + "\n"
    }

    /// Whether a client that asks for these wants it.
    func fits(_ filters: ListFilters) -> Bool {
        let labels = JSON.object(attributes)
        func named(_ kind: Kind, _ wanted: String) -> Bool {
            let name = labels["name"]?.text ?? ""
            return self.kind == kind
                && (id == wanted || name == wanted
                    || wanted.count >= 4 && id.hasPrefix(wanted))
        }
        return filters.allows("type") { $0 == kind.rawValue }
            && filters.allows("event") { $0 == action || action.hasPrefix($0 + ": ") }
            && filters.allows("container") { named(.container, $0) }
            && filters.allows("volume") { named(.volume, $0) }
            && filters.allows("network") { named(.network, $0) }
            && filters.allows("image") { wanted in
                named(.image, wanted)
                    || kind == .container
                        && labels["image"]?.text.map {
                            $0 == wanted || $0.hasPrefix(wanted + ":")
                        } ?? false
            }
            && filters.allows("scope") { $0 == "local" }
            && filters.matches(labels: labels)
    }

    /// The names of filters that are understood.
    static let filters: Set<String> = [
        "type", "event", "container", "volume", "network", "image", "scope", "label", "daemon",
    ]
}
