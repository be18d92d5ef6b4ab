// SPDX-License-Identifier: Apache-2.0
public import Effects
public import HTTPServer
import JSONText
import Vocabulary

/// Typed calls of a gateway's HTTP interface (specs/gateway.md).
///
/// It trusts the gateway with nothing that can be checked: blobs are compared with their digests
/// here, and what a receipt proves is checked against a genesis the caller holds (``JobSession``).
/// Every call is safe to repeat, so one that meets a connection just being ended is sent again.
public final class GatewayClient: Sendable {
    /// Where the gateway listens.
    public let address: HTTPAddress
    /// The world the calls go through.
    public let effects: Effects
    /// A key or a session, shown with every call that shows nothing else (GATEWAY-40).
    let accessKey: String?
    let http: HTTPClient

    /// The longest silence of a gateway before a call is given up: 30 s.
    public static let silenceMilliseconds: UInt64 = 30_000
    /// The most bytes of a JSON answer: 16 MiB, the most of a genesis file.
    public static let answerBytesMax = 16 << 20

    /// A client without connections.
    ///
    /// - Parameters:
    ///   - address: Where the gateway listens.
    ///   - effects: The world the calls go through.
    ///   - security: Whom to trust behind an `https://` address.
    ///   - accessKey: A key or a session, where the gateway wants one.
    public init(
        address: HTTPAddress, effects: Effects, security: ClientSecurity? = nil,
        accessKey: String? = nil
    ) {
        self.address = address
        self.effects = effects
        self.accessKey = accessKey
        http = HTTPClient(effects: effects, security: security)
    }

    /// Reads an address such as `http://127.0.0.1:8080`; nothing when it is none.
    public convenience init?(
        _ text: String, effects: Effects, security: ClientSecurity? = nil,
        accessKey: String? = nil
    ) {
        guard let address = HTTPAddress(text) else { return nil }
        self.init(address: address, effects: effects, security: security, accessKey: accessKey)
    }

    /// Ends the connections.
    public func close() async { await http.close() }
}

// MARK: - One call

/// What a call asks for.
struct GatewayCall: Sendable {
    var method: HTTPMethod = .get
    let path: String
    var query: [(name: String, value: String)] = []
    var fields: HTTPFields = [:]
    var body: HTTPClientRequest.Body = .none
    var silenceMilliseconds = GatewayClient.silenceMilliseconds
    var answerBytesMax = GatewayClient.answerBytesMax

    init(_ path: String) { self.path = path }
}

extension GatewayClient {
    /// Makes a call and gathers the whole answer, which is one of success.
    func send(_ call: GatewayCall) async throws(ClientFailure) -> HTTPClientResponse {
        let response = try await exchange(try request(of: call))
        guard (200...299).contains(response.status.code) else {
            throw .problem(ProblemReport(response))
        }
        return response
    }

    /// Sends a request, and again when the connection it went out on turns out to have ended.
    private func exchange(
        _ request: HTTPClientRequest
    ) async throws(ClientFailure) -> HTTPClientResponse {
        do throws(HTTPClientFailure) {
            return try await http.send(request)
        } catch {
            guard error == .closed else { throw failure(error) }
        }
        do throws(HTTPClientFailure) {
            return try await http.send(request)
        } catch {
            throw failure(error)
        }
    }

    /// Makes a call and reads the answer as JSON.
    func json(_ call: GatewayCall) async throws(ClientFailure) -> AnswerReader {
        try AnswerReader(body: await send(call).body)
    }

    func request(of call: GatewayCall) throws(ClientFailure) -> HTTPClientRequest {
        guard let target = address.at(call.path, query: call.query) else {
            throw .invalid("'\(call.path)' cannot be asked of a gateway")
        }
        var fields = call.fields
        if let accessKey, fields["Authorization"] == nil {
            fields["Authorization"] = "Bearer \(accessKey)"
        }
        var request = HTTPClientRequest(call.method, target, fields: fields, body: call.body)
        request.silenceMilliseconds = call.silenceMilliseconds
        request.responseBytesMax = call.answerBytesMax
        return request
    }

    /// A transport's failure in the client's words.
    func failure(_ failure: HTTPClientFailure) -> ClientFailure {
        let place = address.origin
        switch failure {
        case .unreachable(_, let reason): return .unreachable(address: place, reason: reason)
        case .untrusted(_, let reason):
            return .unreachable(address: place, reason: "no trust between the two: \(reason)")
        case .closed:
            return .unreachable(address: place, reason: "the connection ended before the answer")
        case .timedOut: return .timedOut("\(place) was silent for too long")
        case .invalidRequest(let reason): return .invalid(reason)
        case .malformed(let refusal): return .badAnswer("it breaks a rule of HTTP: \(refusal)")
        case .tooLarge(let limit): return .badAnswer("it is larger than \(limit) bytes")
        case .eventTooLarge(let limit): return .badAnswer("an event exceeds \(limit) bytes")
        case .notEvents(let response):
            guard !(200...299).contains(response.status.code) else {
                return .badAnswer("it is no stream of events")
            }
            return .problem(ProblemReport(response))
        }
    }
}
