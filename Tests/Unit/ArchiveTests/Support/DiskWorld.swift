// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import SystemEffects
import Testing

/// Real files on a loop of their own, under a folder that goes with it.
final class DiskWorld: Sendable {
    let loop: EventLoop
    let root: String
    let effects: Effects

    init() throws {
        var template = Array("/tmp/atoll-archive-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        try #require(made)
        root = template.withUnsafeBufferPointer { buffer in
            String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        loop = EventLoop.start(name: "test")
        effects = try SystemWorld.make(root: root, loop: loop, workers: 2)
    }

    deinit {
        loop.stop()
        Self.removeTree(root)
    }

    /// Runs `body` as a task of this world and waits for its value.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (Effects) async throws -> Value
    ) async throws -> Value {
        let effects = effects
        return try await Task(executorPreference: loop) { try await body(effects) }.value
    }

    private static func removeTree(_ path: String) {
        if let stream = opendir(path) {
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != "." && name != ".." { removeTree("\(path)/\(name)") }
            }
            closedir(stream)
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}

extension Effects {
    /// Changes a file's bytes as another hand would.
    func change(_ path: String, _ body: (inout [UInt8]) -> Void) async throws {
        var bytes = try await disk.read(path, limit: 1 << 26)
        body(&bytes)
        try await disk.replace(path, with: bytes)
    }
}
