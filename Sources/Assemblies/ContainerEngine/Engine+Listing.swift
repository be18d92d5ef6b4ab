// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import HTTPServer
import JSONText
import Vocabulary

// Lists, as filters let them pass.

extension Engine {
    private static let containerFilters: Set<String> = [
        "id", "name", "label", "label!", "status", "exited", "ancestor", "before", "since",
        "volume", "network", "health", "is-task",
    ]

    /// The containers, the newest first.
    ///
    /// - Parameters:
    ///   - all: Whether those that do not run are shown; some filters ask for it themselves.
    ///   - limit: The most of them, of all; 0 for no limit.
    ///   - withSizes: Whether it is counted what each has written, which walks its files.
    func listing(
        _ filters: ListFilters, all: Bool, limit: Int, withSizes: Bool
    ) async throws(EngineFailure) -> JSON {
        try filters.check(Self.containerFilters)
        let before = try filters["before"].first.map { name throws(EngineFailure) in
            try container(name).created
        }
        let since = try filters["since"].first.map { name throws(EngineFailure) in
            try container(name).created
        }
        let networked = await board.members(of: filters["network"])
        let showsAll =
            all || limit > 0 || !filters["status"].isEmpty || !filters["exited"].isEmpty
        var shown = containers.values.filter { container in
            (showsAll || container.isAlive || container.status == .restarting)
                && (before.map { container.created < $0 } ?? true)
                && (since.map { container.created > $0 } ?? true)
                && fits(container, filters, networked)
        }.sorted { ($0.created, $0.id) > ($1.created, $1.id) }
        if limit > 0 { shown = Array(shown.prefix(limit)) }
        var lines: [JSON] = []
        for container in shown {
            var line = await board.completed(container.line(at: now, health[container.id]))
            if withSizes {
                let bytes = try await writtenBytes(container)
                line = line.replacing("SizeRw", by: JSON(bytes))
                    .replacing("SizeRootFs", by: JSON(bytes))
            }
            lines.append(line)
        }
        return .array(lines)
    }

    /// All that is known of a container.
    func inspection(_ name: String) async throws(EngineFailure) -> JSON {
        let container = try container(name)
        let networks = await board.settings(of: container.id)
        return container.inspection(below: settings.root, health[container.id])
            .replacing("NetworkSettings", by: networks)
    }

    private func fits(
        _ container: EngineContainer, _ filters: ListFilters, _ networked: Set<String>?
    ) -> Bool {
        filters.allows("id") { container.id.hasPrefix($0) }
            && filters.allows("name") { Self.name(container.name, fits: $0) }
            && filters.allows("status") { $0 == container.status.rawValue }
            && filters.allows("exited") {
                container.status == .exited && $0 == "\(container.exitCode)"
            }
            && filters.allows("ancestor") { wanted in
                container.image == wanted || container.image.hasPrefix("sha256:" + wanted)
                    || (try? image(wanted))?.documents.configuration.digest.description
                        == container.image
            }
            && filters.allows("volume") { wanted in
                container.mounts.contains { $0.name == wanted || $0.destination == wanted }
            }
            && (networked?.contains(container.id) ?? true)
            && filters.allows("health") {
                $0 == health[container.id]?.status.rawValue ?? "none"
            }
            && filters.allows("is-task") { ["0", "false"].contains($0) }
            && filters.matches(labels: container.body["Labels"])
    }

    /// Docker takes a regular expression; what is understood of it here is `^` and `$` at the ends
    /// and plain words between.
    private static func name(_ name: String, fits pattern: String) -> Bool {
        var words = pattern[...]
        var (begins, ends) = (false, false)
        if words.hasPrefix("^") {
            words = words.dropFirst()
            begins = true
        }
        if words.hasSuffix("$") {
            words = words.dropLast()
            ends = true
        }
        let subject = words.hasPrefix("/") ? "/" + name : name
        switch (begins, ends) {
        case (true, true): return subject == words
        case (true, false): return subject.hasPrefix(words)
        case (false, true): return subject.hasSuffix(words)
        case (false, false): return subject.contains(words)
        }
    }

    // MARK: Images

    /// The images.
    func imageListing(_ filters: ListFilters) throws(EngineFailure) -> JSON {
        try filters.check(["reference", "label", "label!", "dangling", "before", "since"])
        guard filters["before"].isEmpty, filters["since"].isEmpty else {
            throw .unsupported("a list of images by their age")
        }
        let wantsNameless = filters["dangling"].last.map { ["1", "true"].contains($0) }
        do throws(ImageFailure) {
            var order: [ContentDigest] = []
            var found: [ContentDigest: (names: [String], image: StoredImage)] = [:]
            for (name, image) in try images() {
                let familiar = Self.familiar(name)
                guard filters.allows("reference", { Self.image(familiar, fits: $0) }),
                    filters.matches(labels: image.configuration["Labels"])
                else { continue }
                let digest = image.documents.configuration.digest
                if found[digest] == nil { order.append(digest) }
                found[digest, default: ([], image)].names += Self.isNameless(name) ? [] : [familiar]
            }
            return .array(
                order.compactMap { digest in
                    guard let image = found[digest],
                        wantsNameless.map({ $0 == image.names.isEmpty }) ?? true
                    else { return nil }
                    return image.image.line(names: image.names)
                })
        } catch {
            throw EngineFailure(error)
        }
    }

    /// Whether a name is a pattern's: the repository, or it with a tag, each with `*` for any
    /// letters but `/`.
    private static func image(_ name: String, fits pattern: String) -> Bool {
        let colon = name.lastIndex(of: ":") ?? name.endIndex
        let repository = String(name[..<colon])
        return Glob(pattern).fits(name) || Glob(pattern).fits(repository)
    }

    /// Removes images that no container is of: those without a name, or all when it is asked for.
    func pruneImages(_ filters: ListFilters) async throws(EngineFailure) -> JSON {
        try filters.check(["dangling", "label", "label!", "until"])
        guard filters["until"].isEmpty else { throw .unsupported("a prune of images by age") }
        let isWhole = filters["dangling"].contains { ["0", "false"].contains($0) }
        var gone: [JSON] = []
        do throws(ImageFailure) {
            let used = Set(containers.values.map(\.image))
            for (name, image) in try images()
            where (isWhole || Self.isNameless(name))
                && !used.contains(image.documents.configuration.digest.description)
                && filters.matches(labels: image.configuration["Labels"])
            {
                try content.setTarget(of: name, to: nil)
                gone.append(["Untagged": JSON(Self.familiar(name))])
            }
        } catch {
            throw EngineFailure(error)
        }
        let bytes = try await collect()
        return [
            "ImagesDeleted": gone.isEmpty ? .null : .array(gone),
            "SpaceReclaimed": JSON(bytes),
        ]
    }
}

/// A pattern in which `*` stands for any letters but `/`, and `?` for one.
struct Glob {
    private let pattern: [Character]

    init(_ pattern: String) { self.pattern = Array(pattern) }

    /// Takes at most as many steps as both have letters, multiplied.
    func fits(_ text: String) -> Bool {
        let text = Array(text)
        var (place, index) = (0, 0)
        var (star, back): (Int?, Int) = (nil, 0)
        while index < text.count {
            if place < pattern.count, pattern[place] == "*" {
                (star, back) = (place, index)
                place += 1
            } else if place < pattern.count,
                pattern[place] == text[index] || pattern[place] == "?" && text[index] != "/"
            {
                (place, index) = (place + 1, index + 1)
            } else if let star, text[back] != "/" {
                back += 1
                (place, index) = (star + 1, back)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }
}
