// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText

/// A client of a container engine that speaks Docker's API at a local socket (HOST-1).
struct EngineClient: Sendable {
    private let client: HTTPClient
    private let endpoint: Endpoint

    /// The version that is spoken: Docker 20.10 and everything since knows it.
    private static let version = "/v1.41"
    /// The longest silence of the engine, in milliseconds: stopping a program may take its time.
    private static let silenceMilliseconds: UInt64 = 120_000
    /// The most bytes of an answer that are read: 4 MiB, a thousand containers.
    private static let answerBytesMax = 4 << 20

    init(socket: String, effects: Effects) {
        client = HTTPClient(effects: effects)
        endpoint = Endpoint(host: socket, port: 0)
    }

    /// Asks for something; any of the statuses is an answer, all others a failure.
    ///
    /// - Parameter step: What it is for, as in "refused to …".
    func call(
        _ method: HTTPMethod, _ path: String, query: [(name: String, value: String)] = [],
        body: JSON? = .none, fields: HTTPFields = [:], accepting statuses: Set<Int> = [],
        for step: String
    ) async throws(HostFailure) -> EngineAnswer {
        let answer = try await send(method, path, query, body, fields, step)
        let isGood = (200...299).contains(answer.status) || statuses.contains(answer.status)
        guard isGood else {
            throw .refused(step: step, status: answer.status, reason: answer.complaint)
        }
        return answer
    }

    private func send(
        _ method: HTTPMethod, _ path: String, _ query: [(name: String, value: String)],
        _ body: JSON?, _ fields: HTTPFields, _ step: String
    ) async throws(HostFailure) -> EngineAnswer {
        guard let root = HTTPAddress(endpoint: endpoint),
            let address = root.at(Self.version + path, query: query)
        else { throw .malformed(step: step) }
        var request = HTTPClientRequest(method, address, fields: fields)
        if let body {
            request.fields.add("Content-Type", "application/json")
            request.body = .bytes(body.bytes)
        }
        request.silenceMilliseconds = Self.silenceMilliseconds
        request.responseBytesMax = Self.answerBytesMax
        do throws(HTTPClientFailure) {
            let response = try await client.send(request)
            return EngineAnswer(status: Int(response.status.code), body: response.body)
        } catch {
            throw .unreachable(reason: "\(error)")
        }
    }
}

/// What an engine answers.
struct EngineAnswer {
    let status: Int
    let body: [UInt8]

    /// The body as a document.
    func document(of step: String) throws(HostFailure) -> JSON {
        guard let json = try? JSON(parsing: body) else { throw .malformed(step: step) }
        return json
    }

    /// What the engine complains of, in at most 512 bytes.
    var complaint: String {
        let words = (try? JSON(parsing: body))?["message"]?.text
        return words ?? String(decoding: body.prefix(512), as: UTF8.self)
    }

    /// The complaint in a stream of documents, one a line, that began well and ended badly.
    var streamedComplaint: String? {
        for line in body.split(separator: UInt8(ascii: "\n")) {
            if let words = (try? JSON(parsing: Array(line)))?["error"]?.text { return words }
        }
        return nil
    }
}
