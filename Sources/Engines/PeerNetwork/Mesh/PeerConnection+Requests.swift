// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension PeerConnection {
    /// Sends a question and waits for its answer (TRANSPORT-21).
    func request(
        _ bytes: [UInt8], on channel: Channel, timeoutMilliseconds: UInt64
    ) async throws(RequestFailure) -> [UInt8] {
        let id = state.withLock { $0.takeID() }
        let deadline = effects.tasks.spawn("request deadline") { [effects] in
            await effects.time.sleep(milliseconds: timeoutMilliseconds)
            self.finish(id, .failure(.timedOut))
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                ask(.numbered(.request, id: id, channel: channel, bytes: bytes), id, continuation)
            }
        } onCancel: {
            finish(id, .failure(.cancelled))
        }
        deadline.cancel()
        return try result.get()
    }

    /// Runs the responder for a question, or refuses when too many run already.
    func answer(_ frame: Frame) {
        guard let id = frame.id else { return }
        let channel = Channel(frame.channel, priority: frame.priority)
        let isFree = state.withLock { state -> Bool in
            guard state.answering < configuration.requestsInboundMax else { return false }
            state.answering += 1
            return true
        }
        guard isFree else {
            return refuse(id, channel, RequestFailure.busyCode)
        }
        let request = InboundRequest(
            from: info.publicKey, channel: frame.channel, bytes: frame.body)
        effects.tasks.spawn("answer to peer") {
            await self.respond(to: request, id, channel)
            self.state.withLock { $0.answering -= 1 }
        }
    }

    /// Hands an answer or a refusal to the task that waits for it; unknown ids are late answers.
    func resolve(_ frame: Frame) {
        guard let id = frame.id else { return }
        let result: Result<[UInt8], RequestFailure> =
            frame.kind == .answer
            ? .success(frame.body) : .failure(.refused(code: frame.bytes[8]))
        finish(id, result)
    }

    private func ask(_ frame: Frame, _ id: UInt64, _ continuation: AnswerContinuation) {
        let isCancelled = Task.isCancelled
        let failure = state.withLock { state -> RequestFailure? in
            if isCancelled { return .cancelled }
            if state.reason != nil { return .notConnected }
            if state.requests.count >= configuration.requestsOutboundMax {
                return .tooManyInFlight
            }
            guard state.tryAppend(frame) else {
                state.traffic.drops[frame.priority] += 1
                return .queueFull
            }
            state.requests[id] = continuation
            return nil
        }
        if let failure { return continuation.resume(returning: .failure(failure)) }
        stream.kick()
        // A cancellation between the check and the table found nobody to cancel.
        if Task.isCancelled { finish(id, .failure(.cancelled)) }
    }

    private func finish(_ id: UInt64, _ result: Result<[UInt8], RequestFailure>) {
        let waiting = state.withLock { $0.requests.removeValue(forKey: id) }
        waiting?.resume(returning: result)
    }

    private func respond(to request: InboundRequest, _ id: UInt64, _ channel: Channel) async {
        switch await handlers.requests(request) {
        case .answer(let bytes):
            guard bytes.count <= configuration.messageBytesMax else {
                return refuse(id, channel, RequestFailure.answerTooLongCode)
            }
            // A connection that ends meanwhile needs no answer.
            try? await send(.numbered(.answer, id: id, channel: channel, bytes: bytes))
        case .refused(let code):
            refuse(id, channel, (1...239).contains(code) ? code : RequestFailure.badCode)
        }
    }

    private func refuse(_ id: UInt64, _ channel: Channel, _ code: UInt8) {
        _ = trySend(.numbered(.refusal, id: id, channel: channel, bytes: [code]))
    }
}
