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
        /// number of bytes, ends the run as ``RunOutcome/engineFailure(_:)``. It may be called
        /// again for the same run, and the guard in real time does not interrupt it.
        case fetched(size: Int, @Sendable () -> [UInt8]?)

        /// The number of bytes.
        public var size: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .fetched(let size, _): max(size, 0)
            }
        }
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
    /// The path is empty, absolute, too long or too deep, or has an empty, `.` or `..` name or a
    /// zero byte.
    case badPath(String)
    /// Two files have this path, or one file is another's folder.
    case duplicatePath(String)
    /// There are more files than ``InputDirectory/filesMax``.
    case tooManyFiles(Int)
}
