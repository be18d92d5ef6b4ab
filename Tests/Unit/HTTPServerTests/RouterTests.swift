// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTPServer

/// How a method and a path find their handler.
@Suite("HTTP: routes")
struct RouterTests {
    private static func router() -> Router {
        var router = Router()
        let handler: HTTPHandler = { _ in HTTPResponse(.ok) }
        router.get("/", handler)
        router.get("/v1/jobs/{id}", handler)
        router.on(.post, "/v1/jobs/{job}", handler)
        router.get("/v1/jobs/latest", handler)
        router.get("/v1/jobs/{id}/logs", handler)
        router.get("/blobs/{path...}", handler)
        return router
    }

    private func parameters(_ method: HTTPMethod, _ path: String) -> [String?]? {
        guard case .found(_, let found) = Self.router().match(method, path: path) else {
            return nil
        }
        return [found["id"], found["job"], found["path"]]
    }

    @Test("places give their decoded texts under the names of the method's own pattern")
    func places() {
        #expect(parameters(.get, "/") == [nil, nil, nil])
        #expect(parameters(.get, "/v1/jobs/7") == ["7", nil, nil])
        #expect(parameters(.post, "/v1/jobs/7") == [nil, "7", nil])
        #expect(parameters(.get, "/v1/jobs/a%2Fb%20c") == ["a/b c", nil, nil])
        #expect(parameters(.get, "/blobs/a/b") == [nil, nil, "a/b"])
    }

    @Test("a literal wins over a place, and a place is tried when the literal leads nowhere")
    func precedence() {
        #expect(parameters(.get, "/v1/jobs/latest") == [nil, nil, nil])
        #expect(parameters(.get, "/v1/jobs/latest/logs") == ["latest", nil, nil])
    }

    @Test("HEAD is answered where GET is")
    func head() { #expect(parameters(.head, "/v1/jobs/7") == ["7", nil, nil]) }

    @Test(
        "an unknown path is not found",
        arguments: [
            "/v1", "/v1/jobs", "/v1/jobs/", "/v1/jobs/7/", "//", "/blobs/", "/V1/jobs/7", "*",
        ])
    func unknown(path: String) {
        guard case .notFound = Self.router().match(.get, path: path) else {
            Issue.record("\(path) was found")
            return
        }
    }

    @Test(
        "a path with malformed escapes or dots is malformed",
        arguments: [
            "/v1/jobs/%", "/v1/jobs/%zz", "/v1/jobs/%ff", "/v1/jobs/%00", "/blobs/../x",
            "/blobs/%2e%2E/x", "/blobs/.",
        ])
    func malformed(path: String) {
        guard case .malformed = Self.router().match(.get, path: path) else {
            Issue.record("\(path) was taken")
            return
        }
    }

    @Test("another method of a known path names the allowed ones")
    func wrongMethod() {
        guard
            case .wrongMethod(let allowed) = Self.router().match(.delete, path: "/v1/jobs/7")
        else {
            Issue.record("DELETE was taken")
            return
        }
        #expect(allowed == ["GET", "HEAD", "OPTIONS", "POST"])
    }

    @Test(
        "a text that is no pattern is refused",
        arguments: ["", "a", "/{", "/{}", "/a{b}", "/{a}/{a}", "/{a...}/b", "/{a b}"])
    func patterns(text: String) { #expect(RoutePattern(text) == nil) }

    @Test("a parameter that does not parse is a problem 400 naming its place")
    func typedParameter() throws {
        guard case .found(_, let found) = Self.router().match(.get, path: "/v1/jobs/x") else {
            Issue.record("not found")
            return
        }
        let problem = #expect(throws: Problem.self) { try found.value("id") { UInt64($0) } }
        #expect(problem?.status == .badRequest)
        #expect(try found.value("id") { $0 } == "x")
    }
}
