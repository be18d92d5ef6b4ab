// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// Files that a client asks for in a container, in any of the ways that Docker's API has for it:
/// `Binds`, `Mounts`, and `Volumes` of its own and of the image.
struct MountWish {
    var point: MountPoint
    /// Whether the machine's folder is made where it is missing.
    var makesSource = false
    /// What a volume made for it is given.
    var labels: JSON = [:]
    var options: JSON = [:]

    /// The most places of one container: a quarter of the runtime's mounts.
    static let countMax = 1_024

    /// All that a container's configuration asks for, its image's volumes last.
    ///
    /// - Throws: ``EngineFailure`` for what cannot be understood or is not done.
    static func all(_ body: JSON) throws(EngineFailure) -> [MountWish] {
        let host = body["HostConfig"] ?? [:]
        var wishes: [MountWish] = []
        for text in ContainerOptions.texts(host["Binds"]) ?? [] { wishes.append(try bind(text)) }
        for mount in host["Mounts"]?.elements ?? [] { wishes.append(try Self.mount(mount)) }
        var taken: Set<String> = []
        for wish in wishes {
            guard taken.insert(wish.point.destination).inserted else {
                throw EngineFailure(
                    .badRequest, "Duplicate mount point: \(wish.point.destination)")
            }
        }
        for folder in host["Tmpfs"]?.members ?? [] { taken.insert(folder.name) }
        for volume in body["Volumes"]?.members ?? [] {
            let place = try destination(volume.name)
            guard taken.insert(place).inserted else { continue }
            wishes.append(
                MountWish(point: MountPoint(kind: .volume, destination: place, copies: true)))
        }
        guard wishes.count <= countMax else {
            throw EngineFailure(.badRequest, "more than \(countMax) mounts")
        }
        return wishes
    }

    // MARK: Texts

    /// `source:destination`, `source:destination:options` or a destination alone.
    static func bind(_ text: String) throws(EngineFailure) -> MountWish {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (1...3).contains(parts.count), !parts.contains("") else {
            throw EngineFailure(.badRequest, "invalid volume specification: '\(text)'")
        }
        guard parts.count > 1 else {
            return MountWish(
                point: MountPoint(
                    kind: .volume, destination: try destination(text), copies: true))
        }
        let words = parts.count == 3 ? parts[2].split(separator: ",").map(String.init) : []
        let (isWritable, copies) = try flags(words)
        let place = try destination(parts[1])
        guard parts[0].hasPrefix("/") else {
            try checkName(parts[0])
            return MountWish(
                point: MountPoint(
                    kind: .volume, name: parts[0], destination: place, isWritable: isWritable,
                    mode: parts.count == 3 ? parts[2] : "z", copies: copies))
        }
        return MountWish(
            point: MountPoint(
                kind: .bind, source: clean(parts[0]), destination: place, isWritable: isWritable,
                mode: parts.count == 3 ? parts[2] : ""),
            makesSource: true)
    }

    private static func flags(
        _ words: [String]
    ) throws(EngineFailure) -> (isWritable: Bool, copies: Bool) {
        var (isWritable, copies) = (true, true)
        for word in words {
            switch word {
            case "rw", "private", "rprivate": break
            case "ro": isWritable = false
            case "nocopy": copies = false
            // Labels of SELinux, which this machine's containers do not have, and hints of how
            // soon others see a change: at once.
            case "z", "Z", "consistent", "cached", "delegated": break
            default: throw .unsupported("the mount option '\(word)'")
            }
        }
        return (isWritable, copies)
    }

    /// Refuses what is no volume's name.
    static func checkName(_ name: String) throws(EngineFailure) {
        let isName =
            name.utf8.count > 1 && name.utf8.count <= 255
            && name.first.map { $0.isASCII && ($0.isLetter || $0.isNumber) } == true
            && name.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0))
            }
        guard isName else {
            throw EngineFailure(
                .badRequest,
                "\"\(name)\" includes invalid characters for a local volume name, only "
                    + "\"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host "
                    + "directory, use absolute path")
        }
    }

    /// An absolute path of the container without what says nothing; never its root.
    static func destination(_ path: String) throws(EngineFailure) -> String {
        let place = clean(path)
        guard path.hasPrefix("/"), place != "/", place.utf8.count <= 4_095 else {
            throw EngineFailure(
                .badRequest, "invalid mount path: '\(path)' mount path must be absolute and not /")
        }
        return place
    }

    /// A path without empty parts, `.` and `..`.
    static func clean(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
