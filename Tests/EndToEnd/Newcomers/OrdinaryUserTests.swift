// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite(
        "A user without rights",
        .enabled(
            if: geteuid() == 0 && OrdinaryUser.canRunProgram,
            "needs the superuser, who can become another, and a checkout that others may read")
    )
    struct OrdinaryUserTests {
        @Test("a user who may write nowhere but at home can bring up a cloud, run and verify")
        func ordinary() async throws {
            let folder = try Scratch.folder("ordinary")
            let program = "\(folder)/program.wasm"
            try Data(Programs.exit(4)).write(to: URL(fileURLWithPath: program))
            try OrdinaryUser.giveAway(folder, program)
            let home = "\(folder)/home"
            func atoll(_ words: String...) async throws -> Ending {
                try await OrdinaryUser.run([Checkout.binary] + words, home: home)
            }
            do {
                let up = try await atoll("up", "--validators", "1", "--providers", "1")
                #expect(up.code == 0, "\(up.errors)")
                let receipt = "\(folder)/a.receipt"
                let run = try await atoll("run", program, "--replicas", "1", "--receipt", receipt)
                #expect(run.code == 4, "\(run.errors)")
                #expect(try await atoll("receipt", "verify", receipt).code == 0)
                let elsewhere = try await atoll("receipt", "show", receipt, "--save", "/a.receipt")
                #expect(elsewhere.code == 1)
                #expect(
                    elsewhere.errors.contains("does not let this user touch '/a.receipt'"))
            }
            let down = try await atoll("down", "--remove")
            #expect(down.code == 0, "\(down.errors)")
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left.sorted() == ["a.receipt", "home", "program.wasm"])
        }
    }
}

/// The account of nobody in particular.
enum OrdinaryUser {
    private static let name = "nobody"

    /// Whether the machine has it, the tool to become it, and lets it read this checkout.
    static var canRunProgram: Bool {
        guard getpwnam(name) != nil,
            FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")
        else { return false }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
        process.arguments = become + [Checkout.binary, "version"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    private static let become = ["--reuid", name, "--regid", "nogroup", "--clear-groups", "--"]

    /// Lets it own paths, and pass through the folders above them.
    static func giveAway(_ paths: String...) throws {
        guard let entry = getpwnam(name) else { throw HarnessFailure("there is no \(name)") }
        for path in paths {
            guard chown(path, entry.pointee.pw_uid, entry.pointee.pw_gid) == 0 else {
                throw HarnessFailure("\(path) cannot be given away")
            }
            chmod(URL(fileURLWithPath: path).deletingLastPathComponent().path, 0o711)
        }
        // What was just given away belongs to its new owner alone again.
        for path in paths { chmod(path, 0o700) }
    }

    /// Runs a program as that user.
    static func run(_ words: [String], home: String) async throws -> Ending {
        try await Program.run(
            "/usr/bin/setpriv",
            become + words,
            environment: ["ATOLL_HOME": home, "HOME": home])
    }
}
