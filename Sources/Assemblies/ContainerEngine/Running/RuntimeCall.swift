// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText

/// Calls of the program `atoll-runtime`, one process each.
struct RuntimeCall: Sendable {
    let effects: Effects
    let settings: EngineSettings

    /// The most bytes of an answer or a refusal that are read: 32,768 processes of 256 bytes.
    private static let wordsMax = 8 << 20

    /// Runs a command to its end.
    ///
    /// - Returns: What it said.
    /// - Throws: ``EngineFailure`` with the runtime's own words when it refuses.
    @discardableResult
    func run(_ words: [String]) async throws(EngineFailure) -> String {
        let name = "calls/\(effects.chance.below(1 << 48))"
        let said: String
        let exit: ProcessExit
        do {
            try await effects.disk.createFolder("calls")
            let child = try effects.processes.start(
                ProcessRequest(
                    executable: settings.runtime,
                    arguments: ["--root", settings.state] + words,
                    environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
                    logFile: "\(settings.root)/\(name)", detached: true))
            exit = await child.exit()
            let bytes = try? await effects.disk.read(name, limit: Self.wordsMax)
            said = String(decoding: bytes ?? [], as: UTF8.self)
            try await effects.disk.remove(name)
        } catch {
            throw EngineFailure(.internalError, "the runtime cannot be run: \(error)")
        }
        guard exit != .code(0) else { return said }
        let words = said.split(separator: "\n").last.map(String.init) ?? "\(exit)"
        throw Self.failure(words)
    }

    /// Runs a command whose answer is JSON.
    func ask(_ words: [String]) async throws(EngineFailure) -> JSON {
        let said = try await run(words)
        guard let json = try? JSON(parsing: said) else {
            throw EngineFailure(
                .internalError, "the runtime's answer is no JSON: \(said.prefix(256))")
        }
        return json
    }

    /// Clients know by these words and this status why a program could not be run.
    private static func failure(_ words: String) -> EngineFailure {
        let reason = words.hasPrefix("atoll-runtime: ") ? String(words.dropFirst(15)) : words
        let isProgram = reason.contains("exec: ")
        return EngineFailure(
            isProgram ? .badRequest : .internalError,
            isProgram ? "failed to create task for container: \(reason)" : reason)
    }
}
