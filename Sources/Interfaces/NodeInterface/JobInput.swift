// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a job reads: standard input and a read-only folder, as digests of blobs.
///
/// Its canonical bytes are themselves a blob, whose digest is the job's input digest; so one digest
/// vouches for every byte the program can see.
public struct JobInput: CanonicalCodable, Hashable {
    /// The most files of one job.
    public static let filesMax = 1_024
    /// The longest path, in bytes.
    public static let pathBytesMax = 512
    /// The most bytes of all files together: 256 MiB, what one gateway upload may hold.
    public static let bytesMax: UInt64 = 256 << 20
    /// The most bytes of the canonical form: 1,024 files of 512 + 2 + 40 bytes fit.
    public static let encodedBytesMax = 640 << 10

    /// A blob by digest and size.
    public struct Blob: CanonicalCodable, Hashable {
        /// The SHA-256 of its bytes.
        public let digest: Digest
        /// Bytes.
        public let size: UInt64

        /// Names a blob.
        public init(digest: Digest, size: UInt64) {
            self.digest = digest
            self.size = size
        }

        /// Appends the fields in order.
        public func encode(to encoder: inout CanonicalEncoder) {
            encoder.write(digest)
            encoder.write(size)
        }

        /// Reads the fields in order.
        public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            digest = try decoder.read()
            size = try decoder.read()
        }
    }

    /// A file below the program's `/input`.
    public struct File: CanonicalCodable, Hashable {
        /// Its path without a leading `/`, with no empty part, no `.` and no `..`.
        public let path: String
        /// Its bytes.
        public let blob: Blob

        /// Describes a file.
        public init(path: String, blob: Blob) {
            self.path = path
            self.blob = blob
        }

        /// Appends the fields in order.
        public func encode(to encoder: inout CanonicalEncoder) {
            encoder.writeText(path)
            encoder.write(blob)
        }

        /// Reads the fields in order and checks the path.
        public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            path = try decoder.readText(limit: JobInput.pathBytesMax)
            blob = try decoder.read()
            guard JobInput.isRelative(path) else { throw .outOfRange("JobInput.File.path") }
        }
    }

    /// Standard input; nil is empty.
    public let standardInput: Blob?
    /// Files in strictly ascending order of their paths' bytes.
    public let files: [File]

    /// Describes an input; files are sorted.
    ///
    /// - Returns: Nothing when a path is repeated or is not relative, or a limit is exceeded.
    public init?(standardInput: Blob?, files: [File]) {
        self.standardInput = standardInput
        self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        guard isOrderly else { return nil }
    }

    /// Every blob to fetch before the program starts.
    public var blobs: [Blob] { (standardInput.map { [$0] } ?? []) + files.map(\.blob) }

    /// The bytes of all blobs, or nothing when the sum exceeds 64 bits.
    public var bytes: UInt64? {
        blobs.reduce(UInt64?.some(0)) { sum, blob in
            guard let (value, overflow) = sum?.addingReportingOverflow(blob.size), !overflow
            else { return nil }
            return value
        }
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeOptional(standardInput)
        encoder.writeList(files)
    }

    /// Reads the fields in order and checks order, paths and limits.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        standardInput = try decoder.readOptional()
        files = try decoder.readList(limit: Self.filesMax)
        guard isOrderly else { throw .outOfRange("JobInput") }
    }

    private var isOrderly: Bool {
        guard files.count <= Self.filesMax, let bytes, bytes <= Self.bytesMax else { return false }
        guard files.allSatisfy({ Self.isRelative($0.path) }) else { return false }
        return zip(files, files.dropFirst()).allSatisfy { earlier, later in
            earlier.path.utf8.lexicographicallyPrecedes(later.path.utf8)
        }
    }

    private static func isRelative(_ path: String) -> Bool {
        guard !path.isEmpty, path.utf8.count <= pathBytesMax, !path.utf8.contains(0) else {
            return false
        }
        return path.split(separator: "/", omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }
}
