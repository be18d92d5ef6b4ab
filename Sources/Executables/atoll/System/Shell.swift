// SPDX-License-Identifier: Apache-2.0
import Effects
import SystemEffects

/// The world in which a command runs: every absolute path is reachable, for it is the user's own
/// hand that types them.
struct Shell: Sendable {
    let effects: Effects
    /// The same world with another folder as the root of its disk.
    var makeWorld: @Sendable (String) throws -> Effects = { path in
        throw CommandFailure(status: .refused, what: "'\(path)' cannot be a root here")
    }

    /// The world as seen from a folder, for what keeps things under paths of its own.
    func world(at root: String) throws -> Effects { try makeWorld(root) }

    /// A file's bytes, by the path as typed.
    func read(_ path: String, limit: Int) async throws -> [UInt8] {
        do {
            return try await effects.disk.read(Self.inner(path), limit: limit)
        } catch {
            throw CommandFailure.disk(error, path: path)
        }
    }

    /// Writes a whole file for its owner only.
    func write(_ path: String, _ bytes: [UInt8]) async throws {
        do {
            let inner = Self.inner(path)
            if let slash = inner.lastIndex(of: "/") {
                try await effects.disk.createFolder(String(inner[..<slash]))
            }
            try await effects.disk.replace(inner, with: bytes)
        } catch {
            throw CommandFailure.disk(error, path: path)
        }
    }

    /// Whether a file or folder stands there.
    func exists(_ path: String) async -> Bool {
        if (try? await effects.disk.list(Self.inner(path))) != nil { return true }
        guard let file = try? await effects.disk.open(Self.inner(path)) else { return false }
        await file.close()
        return true
    }

    /// The names in a folder, or nil when it is none.
    func names(in path: String) async -> [String]? {
        try? await effects.disk.list(Self.inner(path))
    }

    /// A path as typed, below the root of the disk.
    static func inner(_ path: String) -> String { String(Surroundings.absolute(path).dropFirst()) }
}

extension CommandFailure {
    /// A disk failure in words.
    static func disk(_ failure: DiskFailure, path: String) -> CommandFailure {
        switch failure {
        case .notFound:
            CommandFailure(
                status: .misused, what: "there is no file '\(path)'", next: "check the path")
        case .denied:
            CommandFailure(
                status: .refused, what: "the system does not let this user touch '\(path)'")
        case .full:
            CommandFailure(
                status: .refused, what: "the disk of '\(path)' is full",
                kept: "what was there before is unchanged", next: "make room and try again")
        case .busy:
            CommandFailure(
                status: .refused, what: "another process uses '\(path)'",
                next: "stop it, or use another folder")
        case .damaged(_, let reason):
            CommandFailure(status: .refused, what: "'\(path)' is damaged: \(reason)")
        case .system(_, _, let message):
            CommandFailure(status: .refused, what: "'\(path)': \(message)")
        }
    }
}
