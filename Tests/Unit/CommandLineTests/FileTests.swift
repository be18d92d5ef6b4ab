// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import Effects
import Glibc
import SystemEffects
import TestSupport
import Testing
import Vocabulary

@testable import atoll

@Suite("Keys, programs and inputs on the disk")
struct FileTests {
    /// Runs `body` with a shell and a folder that goes with it.
    private func inFolder(_ body: @escaping @Sendable (Shell, String) async throws -> Void)
        async throws
    {
        let world = try LoopWorld()
        let shell = Shell(effects: try SystemWorld.make(root: "/", loop: world.loop, workers: 1))
        try await world.run { [root = world.root] _ in try await body(shell, root) }
    }

    private static func invocation(_ environment: [String: String] = [:]) -> Invocation {
        Invocation(
            command: KeysNew.command, arguments: [], options: [:], environment: environment)
    }

    private static func failure(_ body: () async throws -> Void) async -> CommandFailure? {
        do {
            try await body()
            return nil
        } catch {
            return error as? CommandFailure
        }
    }

    @Test("a kept key is readable for its owner alone, opens again, and is never replaced")
    func keys() async throws {
        try await inFolder { shell, folder in
            let keys = KeyFolder(home: folder, shell: shell)
            let key = try #require(SigningKey(seed: [UInt8](repeating: 3, count: 32)))
            let invocation = Self.invocation(["ATOLL_PASSPHRASE": "open sesame"])
            let path = try await keys.keep(key, as: "alice", invocation)
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
            #expect(await keys.names() == ["alice"])
            #expect(try await keys.read(path).publicKey == key.publicKey)
            let opened = try await KeyAccess.open(
                path, passphraseFile: nil, invocation: invocation, shell: shell)
            #expect(opened.publicKey == key.publicKey)
            let again = await Self.failure { _ = try await keys.keep(key, as: "alice", invocation) }
            #expect(again?.kept == "it is unchanged")
            let other = Self.invocation(["ATOLL_PASSPHRASE": "wrong"])
            let wrong = await Self.failure {
                _ = try await KeyAccess.open(
                    path, passphraseFile: nil, invocation: other, shell: shell)
            }
            #expect(wrong?.what.contains("does not open") == true)
            let empty = Self.invocation(["ATOLL_PASSPHRASE": ""])
            #expect(
                await Self.failure { _ = try await keys.keep(key, as: "bob", empty) }?.status
                    == .misused)
        }
    }

    @Test(
        "a name that could leave the folder or hide in it is no name",
        arguments: [
            "", "..", "../x", "a/b", ".hidden", "a b", "ä", String(repeating: "x", count: 65),
        ])
    func names(_ name: String) async throws {
        try await inFolder { shell, folder in
            let keys = KeyFolder(home: folder, shell: shell)
            #expect(throws: CommandFailure.self) { try keys.place(of: name) }
        }
    }

    @Test("a program is a core module; anything else says what it is, with 126 or 127")
    func programs() async throws {
        try await inFolder { shell, folder in
            let path = "\(folder)/p"
            @Sendable func status(of bytes: [UInt8]) async throws -> atoll.ExitStatus? {
                try await shell.write(path, bytes)
                return await Self.failure { _ = try await ProgramFile(path, shell) }?.status
            }
            let module: [UInt8] = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 9]
            let component: [UInt8] = [0, 0x61, 0x73, 0x6D, 13, 0, 1, 0]
            var found: [atoll.ExitStatus?] = []
            for bytes in [module, component, Array("(module)".utf8), []] {
                found.append(try await status(of: bytes))
            }
            #expect(found == [nil, .notRunnable, .notRunnable, .notRunnable])
            let missing = await Self.failure { _ = try await ProgramFile("\(path)x", shell) }
            #expect(missing?.status == .notFound)
            let isFolder = await Self.failure { _ = try await ProgramFile(folder, shell) }
            #expect(isFolder?.status == .notRunnable)
        }
    }

    @Test("inputs lie under their own names, folders with all that is in them")
    func inputs() async throws {
        try await inFolder { shell, folder in
            for path in ["one.txt", "tree/a", "tree/deep/b", "other/one.txt"] {
                try await shell.write("\(folder)/\(path)", [1])
            }
            let input = try await RunInput(["\(folder)/one.txt", "\(folder)/tree/"], shell)
            #expect(input.files.map(\.path) == ["one.txt", "tree/a", "tree/deep/b"])
            let twice = await Self.failure {
                _ = try await RunInput(
                    ["\(folder)/one.txt", "\(folder)/other/one.txt"], shell)
            }
            #expect(twice?.what.contains("two inputs are called 'one.txt'") == true)
            let missing = await Self.failure { _ = try await RunInput(["\(folder)/no"], shell) }
            #expect(missing?.status == .misused)
            #expect(await Self.failure { _ = try await RunInput(["/"], shell) } != nil)
        }
    }

    @Test("a folder that leads back into itself ends with a sentence, not with a full memory")
    func loops() async throws {
        try await inFolder { shell, folder in
            try await shell.write("\(folder)/tree/a", [1])
            symlink("\(folder)/tree", "\(folder)/tree/back")
            let failure = await Self.failure {
                _ = try await RunInput(["\(folder)/tree"], shell)
            }
            #expect(failure?.status == .misused)
            unlink("\(folder)/tree/back")
        }
    }
}
