// SPDX-License-Identifier: Apache-2.0
import Effects

/// Turns the requests of one connection into responses; every failure becomes one.
struct RequestAnswering: Sendable {
    let state: ServiceState
    /// The client's end.
    let remote: Endpoint
    /// Who is there by its certificate.
    let peer: SecurePeer?
    /// Which protocol the connection speaks, such as `HTTP/2`.
    let protocolName: String

    /// A response and what is noted of its request.
    struct Answer: Sendable {
        var response: HTTPResponse
        let requestID: String?
        let began: Instant
    }

    /// The response to a request, finished for its client.
    func answer(
        _ head: HTTPRequestHead, from source: any RequestSource, serial: UInt64
    ) async -> Answer {
        let began = state.effects.time.now()
        let requestID = state.configuration.namesRequests ? state.requestID(for: head) : nil
        var response = await respond(to: head, from: source, serial: serial, name: requestID)
        response = await finish(response, to: head)
        if let requestID { response.fields["X-Request-ID"] = requestID }
        return Answer(response: response, requestID: requestID, began: began)
    }

    /// Tells the access log about a response that was sent or cut off.
    func note(_ head: HTTPRequestHead, _ answer: Answer, bodyBytes: UInt64, isWhole: Bool) {
        guard let log = state.configuration.accessLog else { return }
        log(
            AccessRecord(
                time: state.effects.time.wallClock(), requestID: answer.requestID ?? "",
                remote: remote.host, protocolName: protocolName, method: head.method.name,
                path: head.path, status: answer.response.status.code, bodyBytes: bodyBytes,
                microseconds: (state.effects.time.now().value - answer.began.value) / 1_000,
                principal: answer.response.principal, isWhole: isWhole,
                traceParent: head.fields["traceparent"]))
    }

    private func respond(
        to head: HTTPRequestHead, from source: any RequestSource, serial: UInt64, name: String?
    ) async -> HTTPResponse {
        if let refusal = state.configuration.crossOrigins?.refusal(of: head) {
            return refusal.response
        }
        switch state.router.match(head.method, path: head.path) {
        case .found(let route, let parameters):
            return await respond(to: head, route, parameters, (source, serial, name))
        case .wrongMethod(let allowed):
            return wrongMethod(head, allowed)
        case .malformed:
            return Problem(.badRequest, detail: "the path is malformed").response
        case .notFound:
            if head.path == "*" { return HTTPResponse(.noContent) }
            return Problem(.notFound, detail: "nothing is at this path").response
        }
    }

    private func wrongMethod(_ head: HTTPRequestHead, _ allowed: [String]) -> HTTPResponse {
        let names = allowed.joined(separator: ", ")
        if head.method == .options {
            var response = HTTPResponse(.noContent, fields: ["Allow": names])
            state.configuration.crossOrigins?.answerQuestion(head, names, &response)
            return response
        }
        var problem = Problem(.methodNotAllowed, detail: "allowed here: \(names)")
        problem.fields["Allow"] = names
        return problem.response
    }

    private func respond(
        to head: HTTPRequestHead, _ route: Router.Route, _ parameters: RouteParameters,
        _ origin: (source: any RequestSource, serial: UInt64, name: String?)
    ) async -> HTTPResponse {
        let limit = route.bodyBytesMax
        var announced: UInt64?
        if case .sized(let count) = head.framing {
            announced = count
        } else if head.framing == .none {
            announced = 0
        }
        let isRefused = (announced ?? 0) > limit
        await origin.source.prepareBody(limit: limit, isRefused: isRefused)
        guard !isRefused else { return Self.tooLarge(limit) }
        let request = HTTPRequest(
            head: head, parameters: parameters,
            body: HTTPRequestBody(
                count: announced, limit: limit, source: origin.source, serial: origin.serial),
            remote: remote, peer: peer, name: origin.name)
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

// MARK: - Finishing

extension RequestAnswering {
    /// Adds what does not depend on the route: who may read it, a tag, a shorter form.
    func finish(_ response: HTTPResponse, to head: HTTPRequestHead) async -> HTTPResponse {
        var response = response
        state.configuration.crossOrigins?.permit(head, &response)
        if state.configuration.tagsAnswers { AnswerTag.apply(to: &response, head) }
        if state.configuration.compresses {
            response = await Compression.apply(to: response, head, state.effects.workers)
        }
        return response
    }
}
