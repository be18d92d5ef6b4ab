// SPDX-License-Identifier: Apache-2.0
import HTTPServer

/// Serves the dashboard beside the API (DASHBOARD-2): the page under each of its addresses, its
/// other files under `/assets/`. What is not listed here is not the dashboard's.
struct DashboardPages: Sendable {
    /// First words of the addresses that the page itself knows; each may have one to three more.
    static let places = [
        "jobs", "providers", "accounts", "wallet", "proposals", "treasury", "validators", "network",
        "identity", "operations", "blocks", "transactions",
    ]

    /// What the page may do: run its own program, show its own images and speak to its own gateway.
    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

    let dashboard: Dashboard

    /// Adds the addresses to a router.
    func serve(on router: inout Router) {
        router.get("/") { page($0) }
        for place in Self.places {
            guard let whole = RoutePattern("/\(place)"),
                let deeper = RoutePattern("/\(place)/{rest...}")
            else { continue }
            router.get(whole) { page($0) }
            router.get(deeper) { page($0) }
        }
        router.get("/assets/{name}") { request in
            guard let file = dashboard.file(request.parameters["name"] ?? "") else {
                throw Problem(.notFound, detail: "the dashboard has no such file")
            }
            return Self.answer(request, file)
        }
    }

    private func page(_ request: HTTPRequest) -> HTTPResponse {
        guard let file = dashboard.file(Dashboard.page) else { return HTTPResponse(.notFound) }
        return Self.answer(request, file)
    }

    private static func answer(_ request: HTTPRequest, _ file: Dashboard.File) -> HTTPResponse {
        var fields: HTTPFields = [
            "Content-Type": file.type, "ETag": file.tag, "Vary": "Accept-Encoding",
            "Cache-Control": file.isNamedByContent
                ? "public, max-age=31536000, immutable" : "no-cache",
            "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": policy, "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        ]
        if request.fields["If-None-Match"] == file.tag {
            return HTTPResponse(.notModified, fields: fields)
        }
        guard let zipped = file.zipped, takesGzip(request.fields["Accept-Encoding"]) else {
            return HTTPResponse(.ok, fields: fields, body: .bytes(file.bytes))
        }
        fields["Content-Encoding"] = "gzip"
        return HTTPResponse(.ok, fields: fields, body: .bytes(zipped))
    }

    /// Whether a client named gzip and did not refuse it.
    private static func takesGzip(_ field: String?) -> Bool {
        (field ?? "").split(separator: ",").contains { part in
            let words = part.split(separator: ";").map { $0.filter { $0 != " " } }
            return words.first == "gzip" && !words.contains("q=0")
        }
    }
}
