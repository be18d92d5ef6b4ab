// SPDX-License-Identifier: Apache-2.0
import Effects
import Testing
import Vocabulary

@testable import atoll

@Suite("Every command can be found, understood and completed")
struct CommandTableTests {
    private let commands = CommandTable.commands

    @Test("every command the first release promises is there, once")
    func complete() {
        let promised = [
            "up", "down", "status", "node start", "keys new", "keys list", "keys export",
            "keys import", "balance", "send", "quote", "run", "jobs", "describe job", "logs",
            "cancel", "receipt show", "receipt verify", "version", "completion",
        ]
        #expect(Set(commands.map(\.name)).isSuperset(of: promised))
        #expect(Set(commands.map(\.name)).count == commands.count)
    }

    @Test("every command has a summary of one line and an example that is understood")
    func help() throws {
        let reader = ArgumentReader(commands: commands, environment: [:])
        for command in commands {
            #expect(!command.summary.isEmpty && !command.summary.contains("\n"))
            let words = command.example.split(separator: " ").map(String.init)
            #expect(words.first == "atoll", "\(command.name) has no example")
            guard case .run(let invocation) = try reader.read(Array(words.dropFirst())) else {
                Issue.record("the example of \(command.name) is not understood")
                continue
            }
            #expect(invocation.command.path == command.path)
        }
    }

    @Test("help shows usage, arguments, options and the example within 100 columns")
    func pages() {
        for command in commands {
            let page = HelpText.page(of: command)
            #expect(page.contains("usage: atoll \(command.name)"))
            for option in command.allOptions { #expect(page.contains("--\(option.name)")) }
            for argument in command.arguments {
                #expect(page.contains(argument.name.uppercased()))
            }
            #expect(page.contains("example:\n  atoll "))
            for line in page.split(separator: "\n") where !line.contains("atoll \(command.name)") {
                #expect(line.count <= 100, "\(command.name): \(line)")
            }
        }
    }

    @Test("the overview lists every command")
    func overview() {
        let text = HelpText.overview(of: commands, prefix: [])
        for command in commands { #expect(text.contains("  \(command.name) ")) }
        let keys = HelpText.overview(of: commands, prefix: ["keys"])
        #expect(!keys.contains("balance"))
    }

    @Test("no command has two options of one name or letter, and optional arguments come last")
    func sound() {
        for command in commands {
            let names = command.allOptions.map(\.name)
            #expect(Set(names).count == names.count, "\(command.name)")
            let letters = command.allOptions.compactMap(\.short)
            #expect(Set(letters).count == letters.count, "\(command.name)")
            let required = command.arguments.map(\.isRequired)
            #expect(required == required.sorted { $0 && !$1 }, "\(command.name)")
        }
    }

    @Test(
        "completion of each shell knows every command and option",
        arguments: Completion.shells)
    func completion(_ shell: String) throws {
        let script = try #require(Completion.script(for: shell, commands: commands))
        for command in commands {
            for word in command.path { #expect(script.contains(word)) }
            for option in command.allOptions { #expect(script.contains(option.name)) }
        }
    }

    @Test("there is no completion for a shell nobody wrote one for")
    func unknownShell() {
        #expect(Completion.script(for: "csh", commands: commands) == nil)
    }

    @Test("the guide lists exactly the commands there are, with their summaries")
    func guide() async throws {
        let guide = try SourceFile.text("docs/guides/cli.md")
        let listed = guide.split(separator: "\n").filter { $0.hasPrefix("| `atoll ") }
        let expected = commands.map { "| `atoll \($0.name)` | \($0.summary) |" }
        #expect(listed.map(String.init) == expected)
    }

    @Test("the guide names every exit code a command can end with")
    func exitCodes() throws {
        let guide = try SourceFile.text("docs/guides/cli.md")
        let codes =
            atoll.ExitStatus.allCases.map(\.rawValue) + [
                Interruption.code, ProgramExit.trapped, ProgramExit.memoryExceeded,
                ProgramExit.fuelExhausted, ProgramExit.outputExceeded,
            ]
        for code in codes { #expect(guide.contains("| \(code) |"), "\(code)") }
    }
}
