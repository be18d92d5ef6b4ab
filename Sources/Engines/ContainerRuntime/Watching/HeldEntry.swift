// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// A program that is run in a container as soon as somebody attaches to it, so that nothing it says
/// is said to nobody (RUNTIME-23).
struct HeldEntry {
    private let container: Container
    private let streams: StreamFolder
    private let book: EventBook
    private var request: EntryRequest
    /// What it reads and says; empty for one with a terminal.
    private var files: [OpenFile]
    /// The other end of what it reads, open before it begins: a pipe nobody writes has ended.
    private var input: OpenFile?
    private var attachment: Attachment?

    /// Makes all that can be made before.
    ///
    /// - Parameters:
    ///   - entry: Its name among the programs run in the container.
    ///   - hasInput: Whether it reads what clients say.
    init(
        _ container: Container, _ entry: String, process: ProcessConfiguration, hasInput: Bool,
        processFile: String?
    ) throws(RuntimeFailure) {
        let name = try ContainerFolder(root: container.folder.root, name: entry).name
        let streams = container.folder.streams(of: name)
        guard mkdir(streams.path, 0o700) == 0 else {
            throw errno == EEXIST ? .exists(entry) : .kernel("mkdir \(streams.path)", errno)
        }
        self.container = container
        self.streams = streams
        request = EntryRequest(process: process)
        request.processFile = processFile
        do {
            book = try EventBook(folder: streams)
            files = try Self.files(streams, process, hasInput)
            input = streams.openInput()
            attachment = try Attachment(streams, hasTerminal: process.hasTerminal)
        } catch {
            streams.empty()
            rmdir(streams.path)
            throw error
        }
    }

    private static func files(
        _ streams: StreamFolder, _ process: ProcessConfiguration, _ hasInput: Bool
    ) throws(RuntimeFailure) -> [OpenFile] {
        guard !process.hasTerminal else { return [] }
        let input = hasInput ? try streams.makeInput() : try OpenFile.open("/dev/null")
        return [input] + (try streams.makeOutputs())
    }

    /// Waits for a client, runs the program and stays to its end.
    mutating func run() {
        guard attachment?.waitForListener() ?? false else {
            return book.ended(EventBook.Ending(code: nil, ranOutOfMemory: false))
        }
        do {
            var watch = try enter()
            watch.run()
        } catch {
            let reason = "\(error)"
            book.failed(reason)
            // What shells say of a program that is not there, and of one that cannot be run.
            let isMissing = reason.lowercased().contains(ErrorText.text(ENOENT).lowercased())
            book.ended(EventBook.Ending(code: isMissing ? 127 : 126, ranOutOfMemory: false))
            attachment?.finish()
        }
    }

    private mutating func enter() throws(RuntimeFailure) -> ContainerWatch {
        var terminal: OpenFile?
        let entered: EnteredProcess
        if request.process.hasTerminal {
            let (ours, theirs) = try TerminalRelay.pair()
            request.terminalEnd = theirs.number
            entered = try ProcessEntry.enter(container, request)
            terminal = try Channel(file: ours).receiveAny()
            withExtendedLifetime(theirs) {}
        } else {
            // A program that joins a container has the first three files of who brings it there.
            for (index, file) in files.enumerated() { dup2(file.number, Int32(index)) }
            entered = try ProcessEntry.enter(container, request)
            try StandardFiles.useNull()
        }
        guard let attachment else { throw .inside("the program was run already") }
        // What it said already waits in its pipes for as long as anybody holds them open.
        let watch = try ContainerWatch(
            streams, cgroups: nil, process: entered.handle, child: entered.number,
            terminal: terminal, input: input, log: nil, book: book, attachment: attachment)
        // What this would hold open, the program and its clients would take for not yet ended.
        (input, files, self.attachment) = (nil, [], nil)
        return watch
    }
}

/// The first three files of this process.
enum StandardFiles {
    /// Nobody's terminal or pipe is held open by them.
    static func useNull() throws(RuntimeFailure) {
        let null = try OpenFile.open("/dev/null", O_RDWR)
        for number in Int32(0)...2 { dup2(null.number, number) }
    }
}
