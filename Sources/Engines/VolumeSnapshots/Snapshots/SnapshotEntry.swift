// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// One name in a folder and everything about it (SNAPSHOT-5).
public struct SnapshotEntry: Hashable, Sendable {
    /// What it is.
    public enum Kind: Hashable, Sendable {
        /// A file with content of its own.
        case file(SnapshotFile)
        /// A folder, by its listing.
        case folder(ContentReference)
        /// A link, by where it leads; that is never followed.
        case symbolicLink([UInt8])
        /// A further name of a file, by the path of its first name from the snapshot's root.
        case hardLink([UInt8])
        /// A named pipe.
        case pipe
        /// A device: block or character, major and minor number.
        case device(isBlock: Bool, major: UInt32, minor: UInt32)
    }

    /// Its name: bytes without `/` and zero.
    public let name: [UInt8]
    /// What it is.
    public let kind: Kind
    /// Permission bits with those for set-user, set-group and sticky.
    public let mode: UInt32
    /// The owner's number.
    public let user: UInt32
    /// The group's number.
    public let group: UInt32
    /// When its content last changed.
    public let modified: FileMoment
    /// Extended attributes, sorted by name, each once.
    public let attributes: [FileAttribute]
}

/// A file's content, what of it is not there at all, and how to know that it did not change.
public struct SnapshotFile: Hashable, Sendable {
    /// Its bytes with its holes.
    public let size: UInt64
    /// Where data lies, in order; between them are holes.
    public let runs: [FileRun]
    /// All data behind one another.
    public let content: ContentReference
    /// The number of the file on its file system; zero when it changed while it was read.
    public let inode: UInt64
    /// When anything about it last changed.
    public let changed: FileMoment

    /// Whether its runs lie in order within its size and have as many bytes as its content.
    var isSound: Bool {
        var end: UInt64 = 0
        var sum: UInt64 = 0
        for run in runs {
            let (last, overflow) = run.offset.addingReportingOverflow(run.count)
            guard run.count > 0, run.offset >= end, !overflow, last <= size else { return false }
            end = last
            sum += run.count
        }
        return sum == content.bytes && size <= UInt64(Int64.max)
    }
}

/// A stretch of data in a file.
public struct FileRun: Hashable, Sendable, CanonicalCodable {
    /// Where it begins.
    public let offset: UInt64
    /// How many bytes it has.
    public let count: UInt64

    init(offset: UInt64, count: UInt64) {
        self.offset = offset
        self.count = count
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(offset)
        encoder.write(count)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        offset = try decoder.read()
        count = try decoder.read()
    }
}

/// A moment as file systems keep it.
public struct FileMoment: Hashable, Sendable, CanonicalCodable {
    /// Seconds since 1970.
    public let seconds: Int64
    /// Below a second: 0 to 999,999,999.
    public let nanoseconds: UInt32

    init(seconds: Int64, nanoseconds: UInt32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(seconds)
        encoder.write(nanoseconds)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        seconds = try decoder.read()
        nanoseconds = try decoder.read()
        guard nanoseconds < 1_000_000_000 else { throw .outOfRange("FileMoment") }
    }
}

/// An extended attribute.
public struct FileAttribute: Hashable, Sendable, CanonicalCodable {
    /// Its whole name, such as `user.mime_type`.
    public let name: [UInt8]
    /// Its value.
    public let value: [UInt8]

    init(_ name: [UInt8], _ value: [UInt8]) {
        self.name = name
        self.value = value
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeBytes(name)
        encoder.writeBytes(value)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readBytes(limit: SnapshotLimits.nameBytesMax)
        value = try decoder.readBytes(limit: SnapshotLimits.attributeBytesMax)
    }
}
