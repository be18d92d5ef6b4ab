// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import Synchronization
import Vocabulary

/// The first answers of requests with an `Idempotency-Key` (GATEWAY-4).
final class AnswerBook: Sendable {
    static let fieldName = "Idempotency-Key"
    /// The longest key.
    static let keyBytesMax = 255
    /// How long an answer is remembered: ten minutes.
    static let lifeMilliseconds: UInt64 = 600_000
    /// The most answers remembered: 4,096 of about 1 KiB are 4 MiB.
    static let answersMax = 4_096

    /// One use of one key: the route's method and target, and the key.
    struct Use: Hashable, Sendable {
        let text: String
    }

    /// What is known of a key.
    enum Finding: Sendable {
        /// Nothing: answer, then ``finish(_:_:_:)`` or ``abandon(_:)``.
        case fresh
        /// This was the answer, to a body with this digest.
        case answered(HTTPResponse, body: Digest)
        /// The first request is being answered.
        case underWay
    }

    private struct Answer {
        let since: Instant
        /// Nothing while the request is being answered.
        var given: (response: HTTPResponse, body: Digest)?
    }

    private struct State {
        var answers: [Use: Answer] = [:]
        /// Keys in the order they came; some are gone already.
        var order: [(use: Use, since: Instant)] = []
    }

    private let time: any TimeSource
    private let state = Mutex(State())

    init(time: any TimeSource) { self.time = time }

    /// How many keys are known.
    var count: Int { state.withLock { $0.answers.count } }

    /// The use of a key that a request announces, if it has one.
    ///
    /// - Throws: ``GatewayProblem/malformedKey``.
    static func use(in request: HTTPRequest) throws(Problem) -> Use? {
        let keys = request.fields.values(fieldName)
        guard let key = keys.first else { return nil }
        guard keys.count == 1, (1...keyBytesMax).contains(key.utf8.count),
            key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw GatewayProblem.malformedKey.problem(
                "one key of 1 to \(keyBytesMax) visible ASCII characters")
        }
        let target = request.path + "?" + (request.head.query ?? "")
        return Use(text: "\(request.method) \(target)\n\(key)")
    }

    /// Looks a key up and, when it is new, notes that it is being answered.
    func begin(_ use: Use) -> Finding {
        let now = time.now()
        return state.withLock { state in
            Self.forget(from: &state, now: now)
            if let answer = state.answers[use] {
                return answer.given.map { .answered($0.response, body: $0.body) } ?? .underWay
            }
            state.answers[use] = Answer(since: now)
            state.order.append((use, now))
            return .fresh
        }
    }

    /// Remembers an answer; one that may differ the next time is not remembered.
    func finish(_ use: Use, _ response: HTTPResponse, body: Digest) {
        guard response.status.code < 500, case .bytes = response.body else { return abandon(use) }
        state.withLock { $0.answers[use]?.given = (response, body) }
    }

    /// Forgets that a request was being answered.
    func abandon(_ use: Use) { state.withLock { $0.answers[use] = nil } }

    /// Drops what is too old, and the oldest when there are too many.
    private static func forget(from state: inout State, now: Instant) {
        var dropped = 0
        for entry in state.order {
            let isOld = now.milliseconds(since: entry.since) >= lifeMilliseconds
            guard isOld || state.order.count - dropped >= answersMax else { break }
            dropped += 1
            guard let answer = state.answers[entry.use], answer.since == entry.since else {
                continue
            }
            state.answers[entry.use] = nil
        }
        state.order.removeFirst(dropped)
    }
}

extension GatewayContext {
    /// Answers a request with a small body once for each key.
    func once(
        _ request: HTTPRequest, body: Digest, _ answer: () async throws -> HTTPResponse
    ) async throws -> HTTPResponse {
        guard let use = try AnswerBook.use(in: request) else { return try await answer() }
        if let known = try known(use, body: body) { return known }
        do {
            let response = try await answer()
            answers.finish(use, response, body: body)
            return response
        } catch let problem as Problem {
            answers.finish(use, problem.response, body: body)
            throw problem
        } catch {
            answers.abandon(use)
            throw error
        }
    }

    /// The first answer to a key, or nothing when the request is the first.
    ///
    /// - Throws: ``GatewayProblem/keyReused``, ``GatewayProblem/keyInUse``.
    private func known(_ use: AnswerBook.Use, body: Digest) throws(Problem) -> HTTPResponse? {
        switch answers.begin(use) {
        case .fresh: return nil
        case .underWay: throw Self.keyInUse
        case .answered(let response, let first):
            guard first == body else { throw Self.keyReused }
            return response
        }
    }

    static var keyInUse: Problem {
        GatewayProblem.keyInUse.problem("ask again when it has ended", retryAfterSeconds: 1)
    }

    static var keyReused: Problem {
        GatewayProblem.keyReused.problem("its first use carried another body; choose a new key")
    }
}
