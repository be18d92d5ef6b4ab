// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import JSONText
import Synchronization

/// Tells a client how a pull goes: each part when it is there, at the client's speed.
final class PullLines: Sendable {
    private let writer: HTTPBodyWriter
    private let lines = Mutex<[String]>([])

    init(_ writer: HTTPBodyWriter) { self.writer = writer }

    /// Notes a part that is there.
    func note(_ progress: RegistryProgress) {
        let (digest, status): (ContentDigest, String)
        switch progress {
        case .present(let known): (digest, status) = (known, "Already exists")
        case .done(let new): (digest, status) = (new, "Pull complete")
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
