// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc

/// What a benchmark gets: the world, how long it may take, and a voice for progress.
struct Bench: Sendable {
    let effects: Effects
    /// Whether the whole must end within a minute.
    let isQuick: Bool
    /// A folder for the run; the caller removes it.
    let folder: String

    /// Says on standard error what is going on.
    func say(_ text: String) { StandardError.write("bench: \(text)\n") }

    /// Runs computing work on a thread of its own, as a node does.
    func compute<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        try await effects.workers.run { Result { try body() } }.get()
    }

    /// `usual`, or `quick` when the run must be short.
    func either<Value>(_ usual: Value, quick: Value) -> Value { isQuick ? quick : usual }
}

/// Standard error, unbuffered.
enum StandardError {
    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }
}
