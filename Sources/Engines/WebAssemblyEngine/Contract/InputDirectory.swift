// SPDX-License-Identifier: Apache-2.0

/// The checked, read-only files below `/input`.
///
/// Checking and ordering cost about a microsecond a file, once; runs share the value.
public struct InputDirectory: Sendable {
    /// The most files: with paths of ``pathBytesMax`` they take 4 MiB of names.
    public static let filesMax = 4_096
    /// The most bytes in one path.
    public static let pathBytesMax = 1_024
    /// The most names in one path: with ``filesMax`` at most 131,072 entries are held.
    public static let pathNamesMax = 32

    /// No files.
    public static let empty = InputDirectory()

    /// The files, ordered by the names in their paths.
    public let files: [InputFile]
    /// The tree of entries; the first is `/input` itself.
    let entries: [InputEntry]

    private init() {
        files = []
        entries = [.root]
    }

    /// Checks paths and orders files.
    ///
    /// - Throws: ``InputRefusal`` for the first rule broken.
    public init(_ files: [InputFile]) throws(InputRefusal) {
        guard files.count <= Self.filesMax else { throw .tooManyFiles(files.count) }
        var named: [(names: [[UInt8]], file: InputFile)] = []
        for file in files { try named.append((Self.names(of: file.path), file)) }
        named.sort { Self.isBefore($0.names, $1.names) }
        for (left, right) in zip(named, named.dropFirst())
        where right.names.starts(with: left.names) {
            throw .duplicatePath(right.file.path)
        }
        self.files = named.map(\.file)
        entries = Self.tree(of: named)
    }

    private static func names(of path: String) throws(InputRefusal) -> [[UInt8]] {
        let bytes = Array(path.utf8)
        guard bytes.count <= pathBytesMax, !bytes.contains(0) else { throw .badPath(path) }
        let names = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map(Array.init)
        guard names.count <= pathNamesMax else { throw .badPath(path) }
        for name in names where name.isEmpty || name == InputEntry.here || name == InputEntry.above
        {
            throw .badPath(path)
        }
        return names
    }

    /// Orders by names, so that a file comes directly before anything that would lie below it.
    private static func isBefore(_ left: [[UInt8]], _ right: [[UInt8]]) -> Bool {
        for (one, other) in zip(left, right) where one != other {
            return one.lexicographicallyPrecedes(other)
        }
        return left.count < right.count
    }

    /// Builds the tree from ordered paths: a folder's newest child is the only one that can match.
    private static func tree(of named: [(names: [[UInt8]], file: InputFile)]) -> [InputEntry] {
        var entries = [InputEntry.root]
        for (index, (names, file)) in named.enumerated() {
            var place = 0
            for (depth, name) in names.enumerated() {
                if let last = entries[place].children.last, entries[last].name == name {
                    place = last
                    continue
                }
                let isFile = depth == names.count - 1
                entries.append(
                    InputEntry(
                        name: name, parent: place, file: isFile ? index : nil,
                        size: isFile ? file.content.size : 0))
                entries[place].children.append(entries.count - 1)
                place = entries.count - 1
            }
        }
        return entries
    }
}

/// A file or a folder of an input directory.
struct InputEntry: Sendable {
    /// The name `.`.
    static let here: [UInt8] = [UInt8(ascii: ".")]
    /// The name `..`.
    static let above: [UInt8] = [UInt8(ascii: "."), UInt8(ascii: ".")]
    /// The directory itself, its own parent.
    static let root = InputEntry(name: [], parent: 0, file: nil, size: 0)

    let name: [UInt8]
    let parent: Int
    /// The file's place in ``InputDirectory/files``; nothing for a folder.
    let file: Int?
    let size: Int
    /// A folder's entries, ordered by name.
    var children: [Int] = []

    var isFolder: Bool { file == nil }
}
