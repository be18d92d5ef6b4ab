// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import Synchronization

/// A file being written out of sight.
final class SystemFileWriter: FileWriter {
    private enum State {
        case writing(bytes: UInt64)
        case ended
    }

    private let file: PartialFile
    private let pool: ThreadPool
    private let state = Mutex(State.writing(bytes: 0))

    init(_ file: PartialFile, pool: ThreadPool) {
        self.file = file
        self.pool = pool
    }

    deinit {
        if case .writing = state.withLock({ $0 }) { file.discard() }
    }

    func append(_ bytes: [UInt8]) async throws(DiskFailure) {
        let offset = try state.withLock { state throws(DiskFailure) in
            guard case .writing(let offset) = state else { throw Self.endedFailure }
            state = .writing(bytes: offset + UInt64(bytes.count))
            return offset
        }
        try await pool.run { [file] () throws(DiskFailure) in
            do throws(DiskFailure) {
                try file.write(bytes, at: offset)
            } catch {
                // A file with a hole must never appear: what was written goes, and so does the
                // space it took.
                self.end()
                file.discard()
                throw error
            }
        }
    }

    func finish() async throws(DiskFailure) {
        guard end() else { throw Self.endedFailure }
        try await pool.run { [file] () throws(DiskFailure) in try file.finish() }
    }

    func discard() async {
        guard end() else { return }
        await pool.run { [file] in file.discard() }
    }

    /// Ends the writing; false when it had ended.
    @discardableResult
    private func end() -> Bool {
        state.withLock { state in
            guard case .writing = state else { return false }
            state = .ended
            return true
        }
    }

    private static let endedFailure = DiskFailure.system(
        path: "", errno: EBADF, message: "this file has been finished or discarded")
}

/// A file open for reading; its size is that at opening.
final class SystemFileReader: FileReader {
    private let size: UInt64
    private let pool: ThreadPool
    private let path: String
    private let file: Mutex<OpenFile?>

    init(_ file: OpenFile, size: UInt64, pool: ThreadPool) {
        self.size = size
        self.pool = pool
        path = file.path.relative
        self.file = Mutex(file)
    }

    var count: UInt64 { get async { size } }

    func read(at offset: UInt64, count: Int) async throws(DiskFailure) -> [UInt8] {
        let file = try opened()
        let count = Int(min(UInt64(max(count, 0)), offset < size ? size - offset : 0))
        guard count > 0 else { return [] }
        return try await pool.run { () throws(DiskFailure) in
            try file.read(at: offset, count: count)
        }
    }

    func close() async { file.withLock { $0 = nil } }

    /// The open file, which stays open for as long as the caller holds it.
    func opened() throws(DiskFailure) -> OpenFile {
        guard let file = file.withLock({ $0 }) else {
            throw .system(path: path, errno: EBADF, message: "this file has been closed")
        }
        return file
    }
}
