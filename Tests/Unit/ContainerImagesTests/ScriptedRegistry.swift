// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

@testable import ContainerImages

/// A registry in memory, with the faults a test asks for.
final class ScriptedRegistry: RegistryTransport {
    struct State {
        var content: [String: [UInt8]] = [:]
        var manifests: [String: (type: String, bytes: [UInt8])] = [:]
        /// What was asked, as `METHOD path`, and the fields.
        var log: [(line: String, fields: [(name: String, value: String)])] = []
        /// After how many bytes each next body breaks off.
        var breaks: [Int] = []
        var token: String?
        var hasRanges = true
        var redirect: String?
        var pauses: [UInt64] = []
    }

    let state = Mutex(State())

    final class Answer: RegistryAnswer {
        let status: Int
        let fields: [String: String]
        let body: Mutex<[UInt8]>
        let breaksAfter: Int?
        let given = Mutex(0)

        init(
            _ status: Int, _ fields: [String: String] = [:], _ body: [UInt8] = [],
            breaksAfter: Int? = nil
        ) {
            self.status = status
            self.fields = fields
            self.body = Mutex(body)
            self.breaksAfter = breaksAfter
        }

        func field(_ name: String) -> String? { fields[name] }
        func close() async {}
        func next() async throws(ImageFailure) -> [UInt8] {
            let count = given.withLock(\.self)
            if let breaksAfter, count >= breaksAfter { throw .registry("the connection broke") }
            let room = min(1_000, breaksAfter.map { $0 - count } ?? 1_000)
            let piece = body.withLock { body in
                defer { body.removeFirst(min(room, body.count)) }
                return Array(body.prefix(room))
            }
            given.withLock { $0 += piece.count }
            return piece
        }
    }

    func pause(milliseconds: UInt64) async { state.withLock { $0.pauses.append(milliseconds) } }

    func send(_ request: RegistryRequest) async throws(ImageFailure) -> any RegistryAnswer {
        let path = String(request.address.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" })
        return state.withLock { state in
            state.log.append(("\(request.method) \(path)", request.fields))
            func field(_ name: String) -> String? {
                request.fields.first { $0.name == name }?.value
            }
            if path.hasPrefix("/token") {
                return Answer(200, [:], Array(#"{"token":"open-sesame"}"#.utf8))
            }
            if request.address.contains("elsewhere") {
                return Answer(
                    200, [:],
                    state.content[path.split(separator: "/").last.map(String.init) ?? ""] ?? [])
            }
            if let token = state.token, field("authorization") != "Bearer \(token)" {
                let realm = #"Bearer realm="http://localhost:5000/token",service="s",scope="a,b""#
                return Answer(401, ["www-authenticate": realm])
            }
            return answer(request, path, &state, field("range"))
        }
    }

    private func answer(
        _ request: RegistryRequest, _ path: String, _ state: inout State, _ range: String?
    ) -> Answer {
        let last = path.split(separator: "/").last.map(String.init) ?? ""
        switch (request.method, path) {
        case ("GET", _) where path.contains("/manifests/"):
            guard let found = state.manifests[last] else {
                return Answer(
                    404, [:],
                    Array(#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"no"}]}"#.utf8))
            }
            return Answer(200, ["content-type": found.type], found.bytes)
        case ("GET", _), ("HEAD", _):
            guard let bytes = state.content[last] else { return Answer(404) }
            if let redirect = state.redirect {
                return Answer(307, ["location": redirect + "/" + last])
            }
            let stop =
                request.method == "GET" && !state.breaks.isEmpty ? state.breaks.removeFirst() : nil
            if let range, state.hasRanges, let start = Int(range.dropFirst(6).dropLast()) {
                return Answer(
                    206, ["content-range": "bytes \(start)-\(bytes.count - 1)/\(bytes.count)"],
                    Array(bytes[start...]), breaksAfter: stop)
            }
            return Answer(200, [:], request.method == "HEAD" ? [] : bytes, breaksAfter: stop)
        case ("POST", _): return Answer(202, ["location": "/v2/x/upload?state=1"])
        case ("PUT", _) where path.contains("/manifests/"):
            guard case .bytes(let bytes) = request.body else { return Answer(400) }
            let type = request.fields.first { $0.name == "content-type" }?.value ?? ""
            state.manifests[last] = (type, bytes)
            state.manifests[ContentDigest(of: bytes).description] = (type, bytes)
            return Answer(201)
        case ("PUT", _):
            guard case .file(let file, _) = request.body,
                let data = FileManager.default.contents(atPath: file),
                let digest = path.components(separatedBy: "digest=").last?.removingPercentEncoding
            else { return Answer(400) }
            state.content[digest] = Array(data)
            return Answer(201)
        default: return Answer(405)
        }
    }
}
