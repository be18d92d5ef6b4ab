// SPDX-License-Identifier: Apache-2.0
import Effects

/// The files of a container's log: the current one, and those that were set aside with a number.
struct LogFiles {
    let effects: Effects
    /// The current one's path.
    let path: String

    /// How many of a file's first bytes tell it from the others: each line has its moment.
    private static let markBytes = 256
    private static let pieceBytes = 65_536

    /// An open file, and how it is known again when it has been given another number.
    struct File {
        let reader: any FileReader
        let mark: [UInt8]
    }

    /// Those with lines in them, the oldest first.
    func all() async throws(DiskFailure) -> [File] {
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        let prefix = "log."
        let numbers = try await effects.disk.list(folder).compactMap { name in
            name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
        }
        var files: [File] = []
        for name in numbers.sorted(by: >).map({ "\(path).\($0)" }) + [path] {
            guard let file = try await open(name) else { continue }
            // One that was given another number meanwhile was read already.
            if files.contains(where: { Self.isSame($0.mark, file.mark) }) {
                await file.reader.close()
            } else {
                files.append(file)
            }
        }
        return files
    }

    /// Opens a file as long as it is now; nil for none and for one without a line.
    private func open(_ name: String) async throws(DiskFailure) -> File? {
        guard let reader = try? await effects.disk.open(name) else { return nil }
        let mark = try await reader.read(at: 0, count: Self.markBytes)
        guard mark.isEmpty else { return File(reader: reader, mark: mark) }
        await reader.close()
        return nil
    }

    /// Whether marks are of the same file, of which one may have been read when it was shorter.
    private static func isSame(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.starts(with: other) || other.starts(with: one)
    }

    /// The same file as long as it is now, and those after it; all files when it is gone.
    func renewed(_ file: File) async throws(DiskFailure) -> (files: [File], isGone: Bool) {
        if let current = try await open(path) {
            if Self.isSame(current.mark, file.mark) { return ([current], false) }
            await current.reader.close()
        }
        let files = try await all()
        guard let place = files.firstIndex(where: { Self.isSame($0.mark, file.mark) }) else {
            return (files, true)
        }
        for old in files[..<place] { await old.reader.close() }
        return (Array(files[place...]), false)
    }

    /// Where the last so many lines of these files begin.
    static func tail(_ count: Int, of files: [File]) async throws(DiskFailure) -> (Int, UInt64) {
        var left = count
        guard left > 0 else {
            guard let last = files.last else { return (0, 0) }
            return (files.count - 1, await last.reader.count)
        }
        for index in files.indices.reversed() {
            let reader = files[index].reader
            var end = await reader.count
            // The end of the last line is no beginning of another.
            var isLast = true
            while end > 0 {
                let start = end > UInt64(pieceBytes) ? end - UInt64(pieceBytes) : 0
                let bytes = try await reader.read(at: start, count: Int(end - start))
                for place in bytes.indices.reversed() where bytes[place] == UInt8(ascii: "\n") {
                    if isLast, start + UInt64(place) + 1 == end {
                        isLast = false
                        continue
                    }
                    isLast = false
                    left -= 1
                    if left == 0 { return (index, start + UInt64(place) + 1) }
                }
                end = start
            }
            left -= 1
            if left == 0 { return (index, 0) }
        }
        return (0, 0)
    }
}
