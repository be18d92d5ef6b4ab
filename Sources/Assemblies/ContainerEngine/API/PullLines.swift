// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import JSONText
import Synchronization

/// Tells a client how a pull or push goes: each part when it is there, at the client's speed.
final class PullLines: Sendable {
    private let writer: HTTPBodyWriter
    private let lines = Mutex<[String]>([])

    private let new: String
    private let known: String

    /// - Parameters:
    ///   - new: What is said of a part that came or went.
    ///   - known: What is said of one that was there.
    init(
        _ writer: HTTPBodyWriter, new: String = "Pull complete", known: String = "Already exists"
    ) {
        self.writer = writer
        self.new = new
        self.known = known
    }

    /// Notes a part that is there.
    func note(_ progress: RegistryProgress) {
        let (digest, status): (ContentDigest, String)
        switch progress {
        case .present(let there): (digest, status) = (there, known)
        case .done(let came): (digest, status) = (came, new)
        case .moved: return
        }
        var writer = JSONWriter()
        writer.value([
            "status": JSON(status), "id": JSON(String(digest.digits.prefix(12))),
            "progressDetail": [:],
        ])
        lines.withLock { $0.append(writer.text + "\n") }
    }

    /// Sends what was noted.
    func finish() async throws(HTTPWriteFailure) {
        let noted = lines.withLock { $0 }
        try await writer.write(noted.joined())
    }
}
