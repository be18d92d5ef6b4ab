// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Where the streams of one program lie: its named pipes, the socket that others attach to, and the
/// book of what happened. The folder of a container, or of a program run in it, below that.
struct StreamFolder: Sendable {
    let path: String

    /// The socket to attach to (RUNTIME-23).
    var attachSocket: String { "\(path)/attach" }
    /// The pipe that the program reads, where it was given one.
    var inputPipe: String { "\(path)/stdin" }

    static let outputNames = ["stdout", "stderr"]
    /// All that may lie in it.
    static let files = outputNames + ["stdin", "attach", EventBook.name]

    /// Makes the pipes of the outputs, and opens them both ways, for the container's own processes:
    /// a pipe that always has a reader never kills its writer.
    func makeOutputs() throws(RuntimeFailure) -> [OpenFile] {
        var files: [OpenFile] = []
        for name in Self.outputNames { files.append(try make("\(path)/\(name)", O_RDWR)) }
        return files
    }

    /// Makes the pipe of the input and opens the program's end of it, which ends when whoever
    /// watches closes the other.
    func makeInput() throws(RuntimeFailure) -> OpenFile {
        let file = try make(inputPipe, O_RDONLY | O_NONBLOCK)
        let flags = try asking("read the pipe's flags") { fcntl(file.number, F_GETFL) }
        try asking("set the pipe's flags") { fcntl(file.number, F_SETFL, flags & ~O_NONBLOCK) }
        return file
    }

    private func make(_ path: String, _ flags: Int32) throws(RuntimeFailure) -> OpenFile {
        try asking("make the pipe \(path)") { mkfifo(path, 0o600) }
        // Only who holds it open already can reach it; a program that gave up being root may open
        // it again by /dev/stdout.
        try asking("chmod \(path)") { chmod(path, 0o666) }
        return try OpenFile.open(path, flags)
    }

    /// The watch's end of the input; nil where the program was given none, or no longer reads.
    func openInput() -> OpenFile? { try? OpenFile.open(inputPipe, O_WRONLY | O_NONBLOCK) }

    /// The watch's ends of the outputs.
    func openOutputs() throws(RuntimeFailure) -> [OutputStream] {
        var streams: [OutputStream] = []
        for name in Self.outputNames {
            let file = try OpenFile.open("\(path)/\(name)", O_RDONLY | O_NONBLOCK)
            streams.append(OutputStream(file: file, name: name))
        }
        return streams
    }

    /// Removes everything in it.
    func empty() { for name in Self.files { unlink("\(path)/\(name)") } }
}
