// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import Synchronization

/// Where some of a segment's records begin: one at least every 64 KiB, so any record is found by
/// a binary search and a read of that size.
struct SparseIndex: Sendable {
    private var marks: [(index: UInt64, offset: UInt64)]
    private static let bytesBetweenMarks: UInt64 = 65_536

    /// An index that knows the first record.
    init(first: UInt64) {
        marks = [(first, UInt64(RecordFormat.segmentHeaderBytes))]
    }

    /// Notes where a record begins, if it is far enough behind the last mark.
    mutating func note(_ index: UInt64, at offset: UInt64) {
        guard let last = marks.last, offset >= last.offset + Self.bytesBetweenMarks else { return }
        marks.append((index, offset))
    }

    /// The nearest mark at or before a record.
    func mark(before index: UInt64) -> (index: UInt64, offset: UInt64) {
        var low = 0
        var high = marks.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if marks[middle].index <= index { low = middle } else { high = middle }
        }
        return marks[low]
    }
}

/// One file of a log: the records from `first` up to where the next segment begins.
final class Segment: Sendable {
    let first: UInt64
    let path: DiskPath
    /// Made when the segment is written or first read.
    private let index: Mutex<SparseIndex?>

    /// The segment that begins with record `first`, in the log's folder.
    init(first: UInt64, in folder: DiskPath) {
        self.first = first
        path = folder.appending(Self.name(first: first))
        index = Mutex(nil)
    }

    private static let suffix = ".log"
    private static let digits = 20

    /// The file's name: the first index with twenty digits, so that names sort as numbers do.
    static func name(first: UInt64) -> String {
        let number = "\(first)"
        return String(repeating: "0", count: digits - number.count) + number + suffix
    }

    /// Reads a name that ``name(first:)`` wrote.
    static func first(ofName name: String) -> UInt64? {
        guard name.hasSuffix(suffix), name.utf8.count == digits + suffix.count else { return nil }
        return UInt64(name.dropLast(suffix.count))
    }

    /// Notes where a record begins.
    func note(_ record: UInt64, at offset: UInt64) {
        index.withLock { index in
            if index == nil { index = SparseIndex(first: first) }
            index?.note(record, at: offset)
        }
    }

    /// A scanner that stands at a record.
    ///
    /// - Parameters:
    ///   - end: The index after the segment's last record.
    ///   - limit: The file's bytes that count; nil means all.
    func scanner(
        at record: UInt64, end: UInt64, limit: UInt64?
    ) throws(DiskFailure) -> RecordScanner {
        let file = try OpenFile(path, O_RDONLY)
        let size = if let limit { limit } else { try file.size() }
        let known = index.withLock { $0 }
        let index = if let known { known } else { try buildIndex(file, end: end, size: size) }
        let mark = index.mark(before: record)
        var scanner = RecordScanner(file, from: mark.offset, index: mark.index, limit: size)
        while scanner.index < record { try pass(&scanner) }
        return scanner
    }

    /// Reads the whole segment once, checking every record.
    private func buildIndex(
        _ file: OpenFile, end: UInt64, size: UInt64
    ) throws(DiskFailure) -> SparseIndex {
        try checkHeader(file)
        var built = SparseIndex(first: first)
        var scanner = RecordScanner(
            file, from: UInt64(RecordFormat.segmentHeaderBytes), index: first, limit: size)
        while scanner.offset < size {
            built.note(scanner.index, at: scanner.offset)
            try pass(&scanner)
        }
        guard scanner.index == end else {
            throw damage(at: size, "records \(scanner.index) to \(end) are missing")
        }
        index.withLock { $0 = built }
        return built
    }

    private func pass(_ scanner: inout RecordScanner) throws(DiskFailure) {
        let offset = scanner.offset
        switch try scanner.next() {
        case .record: return
        case .end: throw damage(at: offset, "record \(scanner.index) is missing")
        case .broken(let reason): throw damage(at: offset, reason)
        }
    }

    /// Checks the first bytes of the file.
    func checkHeader(_ file: OpenFile) throws(DiskFailure) {
        let header = try file.read(at: 0, count: RecordFormat.segmentHeaderBytes)
        guard header == RecordFormat.segmentHeader(first: first) else {
            throw damage(at: 0, "the segment's header is not that of record \(first)")
        }
    }

    /// Damage at an offset of this file.
    func damage(at offset: UInt64, _ reason: String) -> DiskFailure {
        .damaged(path: path.relative, reason: "at byte \(offset): \(reason)")
    }
}
