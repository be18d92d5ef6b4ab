// SPDX-License-Identifier: Apache-2.0
import Effects

/// A program named on the command line, checked before anything is sent.
struct ProgramFile {
    /// The path below the root of the disk.
    let path: String

    /// `\0asm` and version 1: a core module.
    private static let module: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]

    /// Looks at a file's first bytes.
    ///
    /// - Throws: A ``CommandFailure`` with status `notFound` or `notRunnable`.
    init(_ typed: String, _ shell: Shell) async throws {
        path = Shell.inner(typed)
        let head: [UInt8]
        do throws(DiskFailure) {
            let file = try await shell.effects.disk.open(path)
            head = try await Self.head(of: file)
        } catch .notFound {
            throw CommandFailure(
                status: .notFound, what: "there is no program '\(typed)'", next: "check the path")
        } catch {
            var failure = CommandFailure.disk(error, path: typed)
            failure.status = .notRunnable
            throw failure
        }
        guard head == Self.module else { throw Self.refusal(of: head, typed) }
    }

    private static func head(of file: any FileReader) async throws(DiskFailure) -> [UInt8] {
        do throws(DiskFailure) {
            let head = try await file.read(at: 0, count: module.count)
            await file.close()
            return head
        } catch {
            await file.close()
            throw error
        }
    }

    private static func refusal(of head: [UInt8], _ typed: String) -> CommandFailure {
        let next: String
        if head.starts(with: module.prefix(4)) {
            next = "it is a component or of another version; build a core module for wasm32-wasip1"
        } else if head.first == UInt8(ascii: "(") {
            next = "it is in text form; turn it into a binary module first"
        } else {
            next = "build it for wasm32-wasip1"
        }
        return CommandFailure(
            status: .notRunnable, what: "'\(typed)' is no WebAssembly module", next: next)
    }
}
