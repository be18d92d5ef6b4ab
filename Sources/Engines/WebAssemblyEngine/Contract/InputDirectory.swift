// SPDX-License-Identifier: Apache-2.0

/// A file the program may read below `/input`.
public struct InputFile: Sendable {
    /// Where the bytes are.
    public enum Content: Sendable {
        /// In memory already.
        case bytes([UInt8])
        /// To be fetched when the program first reads the file.
        ///
        /// The size must be known before, for the program may ask for it. Nothing, or another
        /// number of bytes, ends the run as ``RunOutcome/engineFailure(_:)``.
        case fetched(size: Int, @Sendable () -> [UInt8]?)
    }

    /// The path below `/input`: names joined by `/`, such as `books/one.txt`.
    public let path: String
    /// The bytes.
    public let content: Content

    /// Names a file.
    public init(path: String, content: Content) {
        self.path = path
        self.content = content
    }

    /// Names a file whose bytes are in memory.
    public init(path: String, bytes: [UInt8]) {
        self.init(path: path, content: .bytes(bytes))
    }
}

/// Why a list of files is not an input directory.
public enum InputRefusal: Error, Equatable, Sendable {
    /// The path is empty, absolute, too long, or has an empty, `.` or `..` name or a zero byte.
    case badPath(String)
    /// Two files have this path, or one file is another's folder.
    case duplicatePath(String)
    /// There are more files than ``InputDirectory/filesMax``.
    case tooManyFiles(Int)
}

/// The checked, read-only files below `/input`, ordered by path.
public struct InputDirectory: Sendable {
    /// The most files: with paths of at most 1 KiB the directory's index stays under 5 MiB.
    public static let filesMax = 4_096
    /// The most bytes in one path.
    public static let pathBytesMax = 1_024

    /// No files.
    public static let empty = InputDirectory()

    /// The files, ordered by path.
    public let files: [InputFile]

    private init() { files = [] }

    /// Checks paths and orders files.
    ///
    /// - Throws: ``InputRefusal`` for the first rule broken.
    public init(_ files: [InputFile]) throws(InputRefusal) {
        guard files.count <= Self.filesMax else { throw .tooManyFiles(files.count) }
        var keyed: [(names: [[UInt8]], file: InputFile)] = []
        for file in files { try keyed.append((Self.names(of: file.path), file)) }
        keyed.sort { Self.isBefore($0.names, $1.names) }
        for (left, right) in zip(keyed, keyed.dropFirst())
        where right.names.starts(with: left.names) {
            throw .duplicatePath(right.file.path)
        }
        self.files = keyed.map(\.file)
    }

    private static func names(of path: String) throws(InputRefusal) -> [[UInt8]] {
        let bytes = Array(path.utf8)
        guard bytes.count <= pathBytesMax, !bytes.contains(0) else { throw .badPath(path) }
        let names = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map(Array.init)
        for name in names where name.isEmpty || name == [0x2e] || name == [0x2e, 0x2e] {
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
}
