// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import ImageBuilder
import JSONText

/// Tells a client how a build goes, line by line as Docker's classic builder does.
struct BuildLines: Sendable {
    let writer: HTTPBodyWriter
    /// Whether only the result is told.
    let isQuiet: Bool

    func tell(_ news: BuildNews) async throws(BuildFailure) {
        guard !isQuiet else { return }
        switch news {
        case .step(let number, let count, let text):
            try await say("Step \(number)/\(count) : \(text)\n")
        case .cached: try await say(" ---> Using cache\n")
        case .output(let bytes, _): try await say(String(decoding: bytes, as: UTF8.self))
        case .done(let name): try await say(" ---> \(name.prefix(12))\n")
        case .warning(let text): try await say("[Warning] \(text)\n")
        }
    }

    /// Ends a build that went well.
    func finish(_ image: BuiltImage, names: [String]) async throws(BuildFailure) {
        let id = image.configuration.digest
        guard !isQuiet else { return try await say("\(id)\n") }
        try await send(["aux": ["ID": JSON(id.description)]])
        try await say("Successfully built \(id.digits.prefix(12))\n")
        for name in names { try await say("Successfully tagged \(name)\n") }
    }

    /// Ends a build that did not.
    func fail(_ failure: BuildFailure) async throws(BuildFailure) {
        let text = failure.code == nil ? failure.description : failure.reason
        var detail = [JSON.Member("message", JSON(text))]
        if let code = failure.code { detail.insert(JSON.Member("code", JSON(code)), at: 0) }
        try await send(["errorDetail": .object(detail), "error": JSON(text)])
    }

    private func say(_ text: String) async throws(BuildFailure) {
        try await send(["stream": JSON(text)])
    }

    private func send(_ line: JSON) async throws(BuildFailure) {
        var json = JSONWriter()
        json.value(line)
        do throws(HTTPWriteFailure) {
            try await writer.write(json.text + "\n")
        } catch {
            throw BuildFailure("the client has gone")
        }
    }
}
