// SPDX-License-Identifier: Apache-2.0
import Effects

/// One client's connection: reads requests in order, has them answered, writes the responses.
///
/// Responses to requests that arrived together are gathered into one write. Nothing is read ahead
/// of the request being answered beyond one read, so a client that sends faster is held by TCP.
actor HTTPConnection: RequestSource {
    /// Why a connection ends without another response.
    enum End: Error {
        /// The client has gone, or was cut.
        case lost
        /// What came is no request.
        case refused(HTTPRefusal)
    }

    /// The body of the request being answered.
    enum BodyState {
        case ended
        case open(received: UInt64)
        case failed(HTTPBodyFailure)
    }

    let stream: any ByteStream
    let watch: ConnectionWatch
    let state: ServiceState
    var parser = RequestParser()
    var output: [UInt8] = []
    var head: HTTPRequestHead?
    var body = BodyState.ended
    var bodyLimit: UInt64 = 0
    /// Whether `100 Continue` is owed before the body is read.
    var owesContinue = false
    var isReading = false
    var isWriting = false
    /// The number of the request being answered; old handles to bodies do not match it.
    var serial: UInt64 = 0
    /// How the body being written is delimited, and what is left of a size.
    var writing: (length: ResponseHead.Length, remaining: UInt64)?
    /// Bytes of the body of the response being sent.
    var bodyBytes: UInt64 = 0
    /// Until when the first head must have come.
    let firstDeadline: Instant
    private let answering: RequestAnswering

    /// - Parameters:
    ///   - received: What was read already to learn which protocol the client speaks.
    ///   - firstDeadline: Until when the first head must have come.
    init(
        _ stream: any ByteStream, _ watch: ConnectionWatch, _ state: ServiceState,
        received: [UInt8], firstDeadline: Instant
    ) {
        self.stream = stream
        self.watch = watch
        self.state = state
        self.firstDeadline = firstDeadline
        answering = RequestAnswering(
            state: state, remote: stream.remote, peer: (stream as? SecureStream)?.peer,
            protocolName: "HTTP/1.1")
        if !received.isEmpty { parser.feed(received) }
    }

    /// The stream as one that seals its bytes, if it does.
    var sealed: SecureStream? { stream as? SecureStream }

    /// Serves requests until one side ends the connection.
    func serve() async {
        do throws(End) {
            while try await serveNext() {}
            try await flush()
            await sealed?.end()
            await linger()
        } catch {
            if case .refused(let refusal) = error { await refuse(refusal) }
        }
        stream.close()
    }

    /// Answers the next request; false when the connection shall end.
    func serveNext() async throws(End) -> Bool {
        guard let head = try await nextHead() else { return false }
        self.head = head
        serial += 1
        state.count { $0.requests += 1 }
        body = head.framing == .none ? .ended : .open(received: 0)
        owesContinue = head.expectsContinue
        let answer = await answering.answer(head, from: self, serial: serial)
        // A body that the response streams may still be read by what produces the response.
        if !answer.response.isStreamed { dropBufferedBody() }
        bodyBytes = 0
        var isWhole = false
        defer { answering.note(head, answer, bodyBytes: bodyBytes, isWhole: isWhole) }
        let keeps = try await send(answer.response, to: head)
        isWhole = true
        guard keeps else { return false }
        return try await dropBody()
    }

    func prepareBody(limit: UInt64, isRefused: Bool) {
        bodyLimit = limit
        if isRefused { body = .failed(.tooLarge(limit: limit)) }
    }

    /// Answers what is not a request and ends.
    func refuse(_ refusal: HTTPRefusal) async {
        state.count { $0.requestsRefused += 1 }
        do throws(End) {
            body = .failed(.malformed("refused"))
            _ = try await send(refusal.problem.response, to: nil)
            try await flush()
            await sealed?.end()
            await linger()
        } catch {
            return
        }
    }
}
