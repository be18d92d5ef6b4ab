// SPDX-License-Identifier: Apache-2.0

// How a connection turns a request into a response.

extension HTTPConnection {
    /// The response to a request; every failure becomes one.
    func answer(_ head: HTTPRequestHead) async -> HTTPResponse {
        switch state.router.match(head.method, path: head.path) {
        case .found(let route, let parameters):
            return await answer(head, route, parameters)
        case .wrongMethod(let allowed):
            let names = allowed.joined(separator: ", ")
            if head.method == .options {
                return HTTPResponse(.noContent, fields: ["Allow": names])
            }
            var problem = Problem(.methodNotAllowed, detail: "allowed here: \(names)")
            problem.fields["Allow"] = names
            return problem.response
        case .malformed:
            return Problem(.badRequest, detail: "the path is malformed").response
        case .notFound:
            if head.path == "*" { return HTTPResponse(.noContent) }
            return Problem(.notFound, detail: "nothing is at this path").response
        }
    }

    func answer(
        _ head: HTTPRequestHead, _ route: Router.Route, _ parameters: RouteParameters
    ) async -> HTTPResponse {
        bodyLimit = route.bodyBytesMax
        var announced: UInt64?
        if case .sized(let count) = head.framing {
            guard count <= bodyLimit else {
                body = .failed(.tooLarge(limit: bodyLimit))
                return Self.tooLarge(bodyLimit)
            }
            announced = count
        } else if head.framing == .none {
            announced = 0
        }
        let request = HTTPRequest(
            head: head, parameters: parameters,
            body: HTTPRequestBody(
                count: announced, limit: bodyLimit, source: self, serial: serial),
            remote: stream.remote, peer: sealed?.peer)
        do {
            return try await route.handler(request)
        } catch let problem as Problem {
            return problem.response
        } catch HTTPBodyFailure.tooLarge(let limit) {
            return Self.tooLarge(limit)
        } catch HTTPBodyFailure.malformed(let words) {
            return Problem(.badRequest, detail: words).response
        } catch HTTPBodyFailure.closed {
            return Problem(.badRequest, detail: "the body ended too soon").response
        } catch {
            state.count { $0.handlersFailed += 1 }
            return Problem(.internalError).response
        }
    }

    private static func tooLarge(_ limit: UInt64) -> HTTPResponse {
        Problem(
            .contentTooLarge, detail: "the body may have at most \(limit) bytes",
            members: [("limit", .unsigned(limit))]
        ).response
    }
}
