// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import JSONText

/// Why the engine does not do what it was asked, with the status its clients know the reason by.
struct EngineFailure: Error, Hashable, Sendable {
    let status: HTTPStatus
    let message: String

    init(_ status: HTTPStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    static func noContainer(_ name: String) -> EngineFailure {
        EngineFailure(.notFound, "No such container: \(name)")
    }

    /// What it was asked for and does not do, rather than to leave it out in silence.
    static func unsupported(_ what: String) -> EngineFailure {
        EngineFailure(.badRequest, "\(what) is not supported by this engine")
    }

    init(_ failure: ImageFailure) {
        switch failure {
        case .badReference, .badDigest: self.init(.badRequest, failure.words)
        case .notFound(let what): self.init(.notFound, "No such image: \(what)")
        case .badLayer(let entry, let reason):
            self.init(.badRequest, entry.isEmpty ? reason : "\(entry): \(reason)")
        case .unauthorized(let words): self.init(403, words)
        default: self.init(.internalError, failure.words)
        }
    }

    init(_ failure: DiskFailure) { self.init(.internalError, "\(failure)") }

    /// As Docker's clients read it.
    var response: HTTPResponse { .json(status, ["message": JSON(message)]) }
}

extension HTTPResponse {
    /// A JSON document.
    static func json(_ status: HTTPStatus = .ok, _ json: JSON) -> HTTPResponse {
        var writer = JSONWriter()
        writer.value(json)
        return .json(writer.bytes, status: status)
    }
}
