// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import Synchronization
import SystemEffects
import Testing

/// A real world on a loop of its own, under a folder that goes with it.
final class TestWorld: Sendable {
    let loop: EventLoop
    let root: String
    let effects: Effects

    init() throws {
        var template = Array("/tmp/atoll-test-XXXXXX".utf8CString)
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

    /// Another world over the same folder, as after a restart.
    func again() throws -> Effects { try SystemWorld.make(root: root, loop: loop) }

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

/// Bytes that differ from place to place.
func pattern(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
}
