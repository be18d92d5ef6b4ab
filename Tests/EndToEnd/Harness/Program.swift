// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// How a program ended and what it wrote.
struct Ending: Sendable {
    /// Its exit code, or the negated number of the signal that ended it.
    let code: Int32
    let output: [UInt8]
    let errors: String

    /// Standard output as text.
    var text: String { String(decoding: output, as: UTF8.self) }
}

/// A program under way.
final class Program: Sendable {
    let pid: Int32
    private let process: Mutex<Process>
    private let folder: String
    private let ending: Task<Int32, Never>

    /// Starts a program whose output goes to files, so that it never waits for its reader.
    init(
        _ executable: String, _ words: [String], environment: [String: String] = [:],
        input: String? = nil, limitSeconds: Double = 120
    ) throws {
        let folder = try Scratch.folder("program")
        self.folder = folder
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = words
        process.currentDirectoryURL = URL(fileURLWithPath: Checkout.root)
        process.environment = Self.surroundings.merging(environment) { $1 }
        process.standardInput = try input.map { try Self.open($0, "r") } ?? FileHandle.nullDevice
        process.standardOutput = try Self.open("\(folder)/out", "w")
        process.standardError = try Self.open("\(folder)/err", "w")
        let (codes, source) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { ended in
            let code = ended.terminationStatus
            source.yield(ended.terminationReason == .uncaughtSignal ? -code : code)
            source.finish()
        }
        try process.run()
        let pid = process.processIdentifier
        self.pid = pid
        self.process = Mutex(process)
        ending = Task {
            let watch = Task {
                try await Task.sleep(for: .seconds(limitSeconds))
                kill(pid, SIGKILL)
            }
            defer { watch.cancel() }
            for await code in codes { return code }
            return -1
        }
    }

    /// Runs a program to its end; one that takes longer than the limit is ended with SIGKILL.
    static func run(
        _ executable: String, _ words: [String], environment: [String: String] = [:],
        input: String? = nil, limitSeconds: Double = 120
    ) async throws -> Ending {
        try await Program(
            executable, words, environment: environment, input: input, limitSeconds: limitSeconds
        ).ended()
    }

    /// Waits for the end.
    func ended() async -> Ending {
        let code = await ending.value
        let output = FileManager.default.contents(atPath: "\(folder)/out") ?? Data()
        let errors = FileManager.default.contents(atPath: "\(folder)/err") ?? Data()
        try? FileManager.default.removeItem(atPath: folder)
        return Ending(
            code: code, output: Array(output), errors: String(decoding: errors, as: UTF8.self))
    }

    /// What it wrote to standard error so far.
    var errorsSoFar: String {
        let bytes = FileManager.default.contents(atPath: "\(folder)/err") ?? Data()
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Sends a signal.
    func signal(_ number: Int32) { kill(pid, number) }

    /// The environment of every program: nothing of the person's own cloud or keys.
    private static let surroundings = ProcessInfo.processInfo.environment
        .filter { !$0.key.hasPrefix("ATOLL_") }
        .merging(["LC_ALL": "C", "NO_COLOR": "1"]) { $1 }

    private static func open(_ path: String, _ mode: String) throws -> FileHandle {
        if mode == "w" { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        let handle =
            mode == "w" ? FileHandle(forWritingAtPath: path) : FileHandle(forReadingAtPath: path)
        guard let handle else { throw HarnessFailure("\(path) cannot be opened") }
        return handle
    }
}
