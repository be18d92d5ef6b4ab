// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc
import JSONText

/// What a container says, a line of JSON for each line of it: `log`, `stream`, `time`, as Docker's
/// own files have them (RUNTIME-22).
struct OutputLog {
    /// The most bytes of one line of the log: a longer one goes on in the next.
    static let lineBytesMax = 16384

    private let path: String
    private let bytesMax: UInt64
    private let filesMax: Int
    private var file: OpenFile
    private var bytes: UInt64

    /// - Parameters:
    ///   - bytesMax: Beyond it the file is set aside and a new one is begun.
    ///   - filesMax: How many there are, the current one among them; the oldest goes.
    init(path: String, bytesMax: UInt64, filesMax: Int) throws(RuntimeFailure) {
        self.path = path
        self.bytesMax = bytesMax
        self.filesMax = filesMax
        file = try Self.open(path)
        bytes = UInt64(max(0, try file.status().st_size))
    }

    private static func open(_ path: String) throws(RuntimeFailure) -> OpenFile {
        try OpenFile.open(path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o640)
    }

    /// Adds a line; one that finds no room on the disk is lost, and the container goes on.
    mutating func add(_ line: ArraySlice<UInt8>, stream: String) {
        let entry =
            JSON.object([
                JSON.Member("log", JSON(String(decoding: line, as: UTF8.self))),
                JSON.Member("stream", JSON(stream)), JSON.Member("time", JSON(ClockText.now())),
            ]).bytes + [UInt8(ascii: "\n")]
        if bytes + UInt64(entry.count) > bytesMax, bytes > 0 { rotate() }
        if (try? file.writeAll(entry)) != nil { bytes += UInt64(entry.count) }
    }

    private mutating func rotate() {
        for number in stride(from: filesMax - 1, to: 0, by: -1) {
            rename(number == 1 ? path : "\(path).\(number - 1)", "\(path).\(number)")
        }
        if filesMax <= 1 { unlink(path) }
        guard let next = try? Self.open(path) else { return }
        file = next
        bytes = 0
    }
}

/// One stream of a program, cut into lines.
struct OutputStream {
    let file: OpenFile
    let name: String
    private var kept: [UInt8] = []

    init(file: OpenFile, name: String) {
        self.file = file
        self.name = name
    }

    /// What is there now; nil at its end, or when there is nothing, by `errno`.
    func take() -> ArraySlice<UInt8>? {
        var room = [UInt8](repeating: 0, count: OutputLog.lineBytesMax)
        let count = read(file.number, &room, room.count)
        return count > 0 ? room[..<count] : nil
    }

    /// The lines that are whole now, and pieces of one that is too long.
    mutating func lines(adding bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        kept.append(contentsOf: bytes)
        let all = kept
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while let end = all[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(all[start...end])
            start = end + 1
        }
        if all.count - start >= OutputLog.lineBytesMax {
            lines.append(all[start...])
            start = all.count
        }
        kept = Array(all[start...])
        return lines
    }

    /// A last line that had no end.
    var rest: ArraySlice<UInt8>? { kept.isEmpty ? nil : kept[...] }
}
