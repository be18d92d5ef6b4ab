// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc
import JSONText

/// What happened to a program, a line of JSON each, in the folder of its streams: who was away can
/// read it later (RUNTIME-22). Whoever watches the program holds the file's lock.
struct EventBook {
    /// How the first process ended.
    struct Ending: Hashable, Sendable {
        /// Its own code, or 128 and the number of the signal; nil when nobody could tell.
        let code: Int32?
        /// Whether the kernel killed a process of the container for want of memory.
        let ranOutOfMemory: Bool
    }

    static let name = "events"

    private let file: OpenFile

    /// Opens the book of a program for its one writer.
    ///
    /// - Throws: EAGAIN while somebody else watches the program.
    init(folder: StreamFolder) throws(RuntimeFailure) {
        let path = "\(folder.path)/\(Self.name)"
        let file = try OpenFile.open(path, O_RDWR | O_CREAT | O_APPEND, mode: 0o600)
        try asking("watch \(folder.path)") { flock(file.number, LOCK_EX | LOCK_NB) }
        self.file = file
    }

    /// Lets go of the file in a copy of the process that writes it.
    func leave() { close(file.number) }

    /// Notes that a process was killed for want of memory.
    func outOfMemory() { add([JSON.Member("type", "oom")]) }

    /// Notes that the program could not be run, and why.
    func failed(_ reason: String) {
        add([JSON.Member("type", "failed"), JSON.Member("reason", JSON(reason))])
    }

    /// Notes the end.
    func ended(_ ending: Ending) {
        add([
            JSON.Member("type", "exit"),
            JSON.Member("code", ending.code.map { JSON($0) } ?? .null),
            JSON.Member("oom", .bool(ending.ranOutOfMemory)),
        ])
    }

    private func add(_ members: [JSON.Member]) {
        let line = JSON.object(members + [JSON.Member("time", JSON(ClockText.now()))]).bytes
        try? file.writeAll(line + [UInt8(ascii: "\n")])
    }

    /// How the program ended, when that is written.
    static func ending(of folder: StreamFolder) -> Ending? {
        guard let text = try? SmallFile.text("\(folder.path)/\(name)") else { return nil }
        for line in text.split(separator: "\n").reversed() {
            guard let event = try? JSON(parsing: String(line)), event["type"]?.text == "exit"
            else { continue }
            return Ending(
                code: event["code"]?.signed.flatMap { Int32(exactly: $0) },
                ranOutOfMemory: event["oom"]?.flag ?? false)
        }
        return nil
    }
}
