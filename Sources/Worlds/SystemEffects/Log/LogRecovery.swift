// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc

/// What is found when a log is opened: its segments, and its end after a torn tail was dropped.
struct LogRecovery {
    let segments: [Segment]
    /// The last segment's file, open for writing.
    let active: OpenFile
    let activeBytes: UInt64
    let end: UInt64

    /// Opens the segments in a folder and makes the first one when there is none.
    ///
    /// Only the last segment is read through: those before it were whole when it was begun, and
    /// each is checked when it is first read.
    ///
    /// - Parameter first: The index that a first segment begins with.
    init(_ folder: DiskPath, first: UInt64) throws(DiskFailure) {
        let names = try Folder.names(in: folder.absolute, path: folder.relative)
        let segments = names.compactMap { Segment.first(ofName: $0) }
            .map { Segment(first: $0, in: folder) }
        guard let last = segments.last else {
            let segment = Segment(first: first, in: folder)
            self.segments = [segment]
            active = try Self.begin(segment, in: folder)
            activeBytes = UInt64(RecordFormat.segmentHeaderBytes)
            end = first
            return
        }
        self.segments = segments
        let size = try OpenFile(last.path, O_RDONLY).size()
        guard size > UInt64(RecordFormat.segmentHeaderBytes) else {
            // No record can have been in it; its beginning may have been cut off.
            active = try Self.begin(last, in: folder)
            activeBytes = UInt64(RecordFormat.segmentHeaderBytes)
            end = last.first
            return
        }
        active = try OpenFile(last.path, O_RDWR)
        try last.checkHeader(active)
        (end, activeBytes) = try Self.scan(last, active, size: size)
    }

    /// Writes a segment's header; durable on return, and nothing is left when that fails.
    static func begin(_ segment: Segment, in folder: DiskPath) throws(DiskFailure) -> OpenFile {
        let file = try OpenFile(segment.path, O_RDWR | O_CREAT | O_TRUNC)
        do throws(DiskFailure) {
            try file.write(RecordFormat.segmentHeader(first: segment.first), at: 0)
            try file.syncBytes()
            try Folder.sync(folder.absolute, path: folder.relative)
        } catch {
            unlink(segment.path.absolute)
            throw error
        }
        segment.note(segment.first, at: UInt64(RecordFormat.segmentHeaderBytes))
        return file
    }

    /// Reads the last segment, cuts a torn tail, and tells it from damage.
    private static func scan(
        _ segment: Segment, _ file: OpenFile, size: UInt64
    ) throws(DiskFailure) -> (end: UInt64, bytes: UInt64) {
        var scanner = RecordScanner(
            file, from: UInt64(RecordFormat.segmentHeaderBytes), index: segment.first, limit: size)
        while true {
            let (index, offset) = (scanner.index, scanner.offset)
            switch try scanner.next() {
            case .record:
                segment.note(index, at: offset)
            case .end:
                return (index, offset)
            case .broken(let reason):
                guard try !scanner.hasLaterAppend() else {
                    throw segment.damage(at: offset, reason)
                }
                try file.truncate(to: offset)
                try file.syncBytes()
                segment.note(index, at: offset)
                return (index, offset)
            }
        }
    }
}
