// SPDX-License-Identifier: Apache-2.0
import Effects

/// One client's connection: reads requests in order, has them answered, writes the responses.
///
/// Responses to requests that arrived together are gathered into one write. Nothing is read ahead
/// of the request being answered beyond one read, so a client that sends faster is held by TCP.
actor HTTPConnection {
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

    init(_ stream: any ByteStream, _ watch: ConnectionWatch, _ state: ServiceState) {
        self.stream = stream
        self.watch = watch
        self.state = state
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
        let response = await answer(head)
        // A body that the response streams may still be read by what produces the response.
        if !response.isStreamed { dropBufferedBody() }
        guard try await send(response, to: head) else { return false }
        return try await dropBody()
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
