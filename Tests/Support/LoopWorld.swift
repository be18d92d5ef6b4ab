// SPDX-License-Identifier: Apache-2.0
public import Effects
import Glibc
public import SystemEffects

/// The real world on a loop of its own, under a new folder that goes with it.
public final class LoopWorld: Sendable {
    /// Where its tasks, timers and sockets run.
    public let loop: EventLoop
    /// The folder its disk begins at.
    public let root: String
    /// The world itself.
    public let effects: Effects

    /// The system gave no folder.
    public struct NoFolder: Error {}

    /// Makes the folder and starts the loop.
    public init() throws {
        var template = Array("/tmp/atoll-test-XXXXXX".utf8CString)
        let isMade = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        guard isMade else { throw NoFolder() }
        root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        loop = EventLoop.start(name: "test")
        effects = try SystemWorld.make(root: root, loop: loop, workers: 2)
    }

    deinit {
        loop.stop()
        Self.removeTree(root)
    }

    /// Runs `body` as a task of this world and waits for its value.
    public func run<Value: Sendable>(
        _ body: @escaping @Sendable (Effects) async throws -> Value
    ) async throws -> Value {
        let effects = effects
        return try await Task(executorPreference: loop) { try await body(effects) }.value
    }

    private static func removeTree(_ path: String) {
        guard let stream = opendir(path) else {
            unlink(path)
            return
        }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { removeTree("\(path)/\(name)") }
        }
        closedir(stream)
        rmdir(path)
    }
}
