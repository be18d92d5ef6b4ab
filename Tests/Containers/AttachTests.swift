// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

@testable import ContainerRuntime

extension Containers {
    @Suite("Attaching")
    struct AttachTests {
        private func watch(_ container: TestContainer, _ options: [String] = []) throws {
            try container.write()
            let made = try container.runtime(
                ["watch", "--bundle", container.bundle, "--log", "\(container.bundle)/log"]
                    + options + [container.name])
            try #require(made.code == 0, "\(made)")
        }

        private func folder(_ container: TestContainer, _ entry: String? = nil) -> StreamFolder {
            let path = "\(container.root)/\(container.name)"
            return StreamFolder(path: entry.map { "\(path)/exec-\($0)" } ?? path)
        }

        /// How a program ended, once that is written.
        private func ended(_ folder: StreamFolder) -> EventBook.Ending? {
            for _ in 0..<200 {
                if let ending = EventBook.ending(of: folder) { return ending }
                usleep(20_000)
            }
            return nil
        }

        @Test("who attaches before the start hears all that both outputs say (RUNTIME-23)")
        func hears() throws {
            let container = try TestContainer("echo one; echo two >&2; printf three")
            try watch(container)
            let client = try AttachedTester(folder(container), "o")
            try #require(try container.start().code == 0)
            let heard = try client.frames()
            #expect(heard[1] == "one\nthree")
            #expect(heard[2] == "two\n")
            #expect(ended(folder(container))?.code == 0)
        }

        @Test("who speaks last ends the program's input, and several may listen")
        func speaks() throws {
            let container = try TestContainer("cat; echo done")
            try watch(container, ["--input"])
            let listener = try AttachedTester(folder(container), "o")
            let speaker = try AttachedTester(folder(container), "c")
            try #require(try container.start().code == 0)
            speaker.say("hello\n")
            speaker.endSpeaking()
            #expect(try speaker.frames()[1] == "hello\ndone\n")
            #expect(try listener.frames()[1] == "hello\ndone\n")
        }

        @Test("a program waits for who follows it slowly, and nothing is lost")
        func slow() throws {
            let container = try TestContainer("seq 1 200000")
            try watch(container)
            let client = try AttachedTester(folder(container), "o")
            try #require(try container.start().code == 0)
            usleep(500_000)
            #expect(try container.status() == "running", "it waits for the client")
            let heard = try #require(try client.frames()[1])
            #expect(heard.utf8.count == 1_288_895)
            #expect(heard.hasSuffix("\n199999\n200000\n"))
        }

        @Test("who says nothing of what it wants, or nonsense, costs the program nothing")
        func nonsense() throws {
            let container = try TestContainer("read line; echo $line")
            try watch(container, ["--input"])
            let silent = try AttachedTester(folder(container), "")
            let confused = try AttachedTester(folder(container), "?")
            try #require(try container.start().code == 0)
            let speaker = try AttachedTester(folder(container), "i")
            speaker.say("line\n")
            #expect(try speaker.frames()[1] == "line\n")
            #expect(try confused.frames().isEmpty)
            withExtendedLifetime(silent) {}
        }

        @Test("a terminal speaks as it is, and takes the size it is given")
        func terminal() throws {
            let container = try TestContainer("read line; stty size; echo $line")
            container.configuration.set("process.terminal", true)
            try watch(container)
            let client = try AttachedTester(folder(container), "i")
            try #require(try container.start().code == 0)
            let size = try AttachedTester(folder(container), "w\0\u{21}\0\u{43}")
            #expect(try size.bytes().isEmpty)
            client.say("x\n")
            let heard = String(decoding: try client.bytes(), as: UTF8.self)
            #expect(heard.contains("33 67\r\nx\r\n"), "\(heard)")
        }

        @Test("a program run in a container is watched in the same way")
        func entry() throws {
            let container = try TestContainer("sleep 100")
            try watch(container)
            try #require(try container.start().code == 0)
            let process = """
                {"args": ["/bin/sh", "-c", "cat; echo end >&2; exit 6"], "cwd": "/",
                 "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0}}
                """
            let file = "\(container.bundle)/process.json"
            try Data(process.utf8).write(to: URL(fileURLWithPath: file))
            let entered = try container.runtime([
                "watch", "--exec", "e1", "--process", file, "--input", container.name,
            ])
            try #require(entered.code == 0, "\(entered)")
            let client = try AttachedTester(folder(container, "e1"), "c")
            client.say("in\n")
            client.endSpeaking()
            let heard = try client.frames()
            #expect(heard == [1: "in\n", 2: "end\n"])
            #expect(ended(folder(container, "e1"))?.code == 6)
            let again = try container.runtime([
                "watch", "--exec", "e1", "--process", file, container.name,
            ])
            #expect(again.code == 1 && again.errors.contains("e1"), "a name is used once")
            let unknown = process.replacingOccurrences(of: "/bin/sh", with: "/bin/nothing")
            try Data(unknown.utf8).write(to: URL(fileURLWithPath: file))
            let held = try container.runtime([
                "watch", "--exec", "e2", "--process", file, container.name,
            ])
            #expect(held.code == 0, "\(held)")
            #expect(try AttachedTester(folder(container, "e2"), "o").frames().isEmpty)
            #expect(ended(folder(container, "e2"))?.code == 127)
            let events = try String(
                contentsOfFile: "\(folder(container, "e2").path)/events", encoding: .utf8)
            #expect(events.contains("/bin/nothing"), "\(events)")
            #expect(try container.runtime(["delete", "--force", container.name]).code == 0)
            #expect(
                !FileManager.default.fileExists(atPath: "\(container.root)/\(container.name)"))
        }
    }
}

/// Somebody who is attached to a program.
struct AttachedTester {
    private let file: OpenFile

    init(_ folder: StreamFolder, _ wish: String) throws {
        file = try LocalSocket.connect(folder.attachSocket, .bytes)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(
            file.number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        say(wish)
        if let first = wish.utf8.first, "oic".utf8.contains(first) {
            var answer: UInt8 = 0
            try #require(read(file.number, &answer, 1) == 1 && answer == first)
        }
    }

    func say(_ text: String) { try? file.writeAll(Array(text.utf8)) }

    func endSpeaking() { shutdown(file.number, Int32(SHUT_WR)) }

    /// Everything up to the end.
    func bytes() throws -> [UInt8] { try file.readAll(bytesMax: 8 << 20) }

    /// Everything up to the end, by stream.
    func frames() throws -> [UInt8: String] {
        let bytes = try bytes()
        var texts: [UInt8: [UInt8]] = [:]
        var index = 0
        while index + 8 <= bytes.count {
            let count = bytes[index + 4..<index + 8].reduce(0) { $0 << 8 | Int($1) }
            try #require(index + 8 + count <= bytes.count, "a whole frame")
            texts[bytes[index], default: []] += bytes[index + 8..<index + 8 + count]
            index += 8 + count
        }
        try #require(index == bytes.count, "nothing but frames")
        return texts.mapValues { String(decoding: $0, as: UTF8.self) }
    }
}
