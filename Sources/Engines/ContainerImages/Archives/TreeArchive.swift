// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What takes an archive's bytes as they are made.
protocol ArchiveSink: AnyObject {
    /// Takes the next bytes.
    func take(_ bytes: [UInt8]) throws(ImageFailure)
}

/// Writes files as an archive (tar).
///
/// Entries come in order of their paths, so the same files give the same bytes (``TreeWalk``).
/// Overlay's marks become whiteouts, hard links stay links, sockets are left out.
struct TreeArchive {
    private let output: ArchiveOutput
    private let walk: TreeWalk

    /// - Parameter modified: The time of every entry, in seconds since 1970; nil for its own.
    init(_ sink: any ArchiveSink, _ options: TreeWalk.Options, modified: Int64? = nil) {
        let output = ArchiveOutput(sink, modified)
        self.output = output
        walk = TreeWalk(options) { (entry, file) throws(ImageFailure) in
            try output.add(entry, file)
        }
    }

    /// Writes the end.
    ///
    /// - Returns: How many entries there are.
    func finish() throws(ImageFailure) -> Int { try output.finish() }

    /// Adds an open folder itself and what is in it, under a name.
    func addRoot(_ folder: Int32, named name: [UInt8]) throws(ImageFailure) {
        let status = try FileTree.status(folder, String(decoding: name, as: UTF8.self))
        var entry = TreeWalk.entry(of: status, path: name + [0x2F])
        entry.kind = .folder
        entry.attributes = TreeWalk.attributes(folder)
        try output.add(entry, -1)
        try addFolder(folder, path: name)
    }

    /// Adds what is in an open folder, each under the path and its name.
    func addFolder(_ folder: Int32, path: [UInt8]) throws(ImageFailure) {
        try walk.walk(folder, path: path)
    }

    /// Adds what a name of an open folder leads to, links not followed, under another path.
    func addFile(
        _ name: [UInt8], in folder: Int32, path: [UInt8]
    ) throws(ImageFailure) {
        try walk.walk(name, in: folder, path: path)
    }
}

/// Writes entries and their contents.
private final class ArchiveOutput {
    private let sink: any ArchiveSink
    private let modified: Int64?
    private var writer = TarWriter()
    private var entries = 0

    init(_ sink: any ArchiveSink, _ modified: Int64?) {
        self.sink = sink
        self.modified = modified
    }

    func finish() throws(ImageFailure) -> Int {
        writer.finish()
        try flush()
        return entries
    }

    func add(_ entry: TarEntry, _ file: Int32) throws(ImageFailure) {
        var entry = entry
        if let modified { entry.modified = TarEntry.Moment(seconds: modified) }
        entries += 1
        writer.begin(entry)
        try flush()
        if file >= 0 { try addContent(of: file, entry) }
    }

    // A file that shrank since its header was written is filled up with zeros, one that grew is
    // cut: the archive stays readable, and whoever packs changing files is not told otherwise.
    private func addContent(of file: Int32, _ entry: TarEntry) throws(ImageFailure) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        var rest = entry.size
        while rest > 0 {
            let room = Int(min(rest, Int64(buffer.count)))
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<room])
            var step = try SystemFile.read(file, piece, path: entry.text)
            if step == 0 {
                piece.initializeMemory(as: UInt8.self, repeating: 0)
                step = room
            }
            writer.append(UnsafeRawBufferPointer(rebasing: buffer[..<step]))
            rest -= Int64(step)
            try flush()
        }
    }

    private func flush() throws(ImageFailure) { try sink.take(writer.take()) }
}
