// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

@testable import ContainerRuntime

extension Containers {
    @Suite("Entering")
    struct EnteringTests {
        @Test("a program that is run in a container is one of it (RUNTIME-19)")
        func joined() throws {
            let container = try TestContainer("sleep 60")
            try container.launch()
            let inside = try container.exec([
                "/bin/sh", "-c",
                "hostname; cat /proc/1/cmdline | head -c 5; for n in mnt net ipc uts pid "
                    + "cgroup; do "
                    + "[ \"$(readlink /proc/self/ns/$n)\" = \"$(readlink /proc/1/ns/$n)\" ] "
                    + "|| echo $n; "
                    + "done; grep -c ':/$' /proc/self/cgroup; wc -l < /proc/self/cgroup",
            ])
            let lines = inside.text.split(separator: "\n").map(String.init)
            try #require(lines.count == 3, "\(inside)")
            #expect(lines[0] == "atoll")
            #expect(lines[1].hasSuffix(lines[2]), "in all of the container's groups")
        }

        @Test("it ends with its own code, and its user, folder and variables are those asked for")
        func asked() throws {
            let container = try TestContainer("sleep 60")
            try container.launch()
            #expect(try container.exec(["/bin/sh", "-c", "exit 42"]).code == 42)
            let ending = try container.exec(
                ["sh", "-c", "id -u; id -g; pwd; echo $A $HOME"],
                ["--user", "1000:1001", "--cwd", "/tmp", "--env", "A=b"])
            #expect(ending.text == "1000\n1001\n/tmp\nb /home/guest", "\(ending)")
            let missing = try container.exec(["nothing"])
            #expect(missing.errors.contains("executable file not found in $PATH"))
        }

        @Test("a file may say what is run, and the process file tells which process it is")
        func file() throws {
            let container = try TestContainer("sleep 60")
            try container.launch()
            var process = try #require(container.configuration["process"])
            process.set("args", ["/bin/sleep", "61"])
            let path = "\(container.bundle)/process.json"
            try Data(process.bytes).write(to: URL(fileURLWithPath: path))
            let ending = try container.runtime([
                "exec", "--process", path, "--detach", "--pid-file", "\(container.bundle)/p",
                container.name,
            ])
            #expect(ending.code == 0, "\(ending)")
            let number = try String(contentsOfFile: "\(container.bundle)/p", encoding: .utf8)
            let words = try String(contentsOfFile: "/proc/\(number)/cmdline", encoding: .utf8)
            #expect(words == "/bin/sleep\061\0")
        }

        @Test("rights are those of the container, or what was asked for")
        func rights() throws {
            let container = try TestContainer("sleep 60")
            try container.launch()
            let script = "grep -E 'CapEff|NoNew' /proc/self/status"
            let usual = try container.exec(["/bin/sh", "-c", script]).text
            #expect(usual == "CapEff:\t0000000020000420\nNoNewPrivs:\t1")
            let more = try container.exec(["/bin/sh", "-c", script], ["--cap", "CAP_NET_RAW"]).text
            #expect(more.contains("0000000020002420"))
        }

        @Test("a terminal is handed over, and is the program's own (RUNTIME-17)")
        func terminal() throws {
            let container = try TestContainer(
                "tty; stty size; test -t 0 && echo terminal; tty < /dev/console")
            container.configuration.set("process.terminal", true)
            container.configuration.set("process.consoleSize", ["height": 30, "width": 100])
            let ending = try container.run()
            #expect(
                ending.output.replacingOccurrences(of: "\r", with: "").hasPrefix(
                    "/dev/pts/0\n30 100\nterminal"), "\(ending)")
        }

        @Test("a terminal's socket receives the terminal, also of a program that is run later")
        func consoleSocket() throws {
            let container = try TestContainer("echo hello from inside; sleep 60")
            container.configuration.set("process.terminal", true)
            let socket = try TerminalCatcher(path: "\(container.bundle)/console")
            let made = try container.create(["--console-socket", socket.path])
            try #require(made.code == 0, "\(made)")
            let terminal = try socket.take()
            #expect(try container.start().code == 0)
            #expect(try terminal.line() == "hello from inside")
            let entered = try container.exec(
                ["/bin/echo", "hello again"],
                ["--tty", "--console-socket", socket.path, "--detach"]
            )
            #expect(entered.code == 0, "\(entered)")
            #expect(try socket.take().line() == "hello again")
        }
    }
}

/// Listens at a console socket as container managers do.
final class TerminalCatcher {
    let path: String
    private let listener: OpenFile

    init(path: String) throws {
        self.path = path
        listener = try LocalSocket.listen(path, .bytes)
    }

    /// The next terminal that is sent.
    func take() throws -> Terminal {
        let connection = OpenFile(try asking("accept") { accept(listener.number, nil, nil) })
        let file = try Channel(file: connection).receiveAny()
        return Terminal(file: try #require(file))
    }

    struct Terminal {
        let file: OpenFile

        /// The first line the container says.
        func line() throws -> String {
            var text = ""
            var byte: UInt8 = 0
            while read(file.number, &byte, 1) == 1, byte != UInt8(ascii: "\n") {
                if byte != UInt8(ascii: "\r") { text.append(Character(Unicode.Scalar(byte))) }
            }
            return text
        }
    }
}
