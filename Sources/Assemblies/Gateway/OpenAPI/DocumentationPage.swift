// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// The interface as a page for people, made from the table that serves it (GATEWAY-61).
///
/// It is one text without scripts and without anything from elsewhere; every word of the table is
/// escaped.
struct DocumentationPage {
    let routes: [Route]
    let version: String

    private static let policy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'"

    /// The route that serves the page.
    static func route(answering bytes: [UInt8]) -> Route {
        Route(
            method: .get, pattern: "/docs", name: "getDocs", tag: "operation",
            summary: "This interface as a page for people.",
            responses: [.bytes("The page.", type: "text/html")],
            handler: { _ in
                var response = HTTPResponse(type: "text/html; charset=utf-8", bytes: bytes)
                response.fields["Content-Security-Policy"] = policy
                response.fields["X-Content-Type-Options"] = "nosniff"
                return response
            })
    }

    /// The page.
    var html: String {
        var text = """
            <!doctype html><html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <title>Atoll gateway</title><style>\(Self.style)</style></head><body>
            <header><h1>Atoll gateway</h1><p>Version \(Self.escaped(version)). For programs: \
            <a href="/openapi.json">/openapi.json</a>. Amounts are base units as decimal text, \
            identifiers 64 hexadecimal digits, times milliseconds since 1970. Failures are problem \
            details (RFC 9457) with a stable <code>name</code>.</p><nav><ul>

            """
        for tag in tags { text += "<li><a href=\"#\(tag)\">\(Self.escaped(tag))</a></li>\n" }
        text += "</ul></nav></header><main>\n"
        for tag in tags {
            text += "<section id=\"\(tag)\"><h2>\(Self.escaped(tag))</h2>\n"
            for route in routes where route.tag == tag { text += Self.operation(route) }
            text += "</section>\n"
        }
        return text + "</main></body></html>\n"
    }

    /// The groups in the order of the table.
    private var tags: [String] {
        var seen: Set<String> = []
        return routes.map(\.tag).filter { seen.insert($0).inserted }
    }

    private static func operation(_ route: Route) -> String {
        var text = """
            <details id="\(route.name)"><summary><code class="\(route.method.name.lowercased())">\
            \(route.method.name)</code> <code>\(escaped(route.pattern.text))</code> \
            <span>\(escaped(route.summary))</span></summary>
            <p>\(escaped(demand(route)))</p>

            """
        if !route.parameters.isEmpty {
            text += "<h3>Parameters</h3><dl>\n"
            for parameter in route.parameters {
                text += "<dt><code>\(escaped(parameter.name))</code> in "
                text += "\(parameter.place.rawValue)</dt>"
                text +=
                    "<dd>\(escaped(parameter.summary)) <code>\(escaped(parameter.schema.compact))"
                text += "</code></dd>\n"
            }
            text += "</dl>\n"
        }
        if let body = route.body {
            text += "<h3>Body</h3><p><code>\(escaped(body.mediaType))</code>, at most "
            text += "\(body.bytesMax) bytes: <code>\(escaped(body.schema.compact))</code></p>\n"
        }
        text += "<h3>Answers</h3><dl>\n"
        for response in route.responses {
            text += "<dt><code>\(response.status.code)</code></dt><dd>\(escaped(response.summary))"
            if let schema = response.schema {
                text += " <code>\(escaped(schema.compact))</code>"
            }
            text += "</dd>\n"
        }
        return text + "</dl></details>\n"
    }

    private static func demand(_ route: Route) -> String {
        switch route.asks {
        case .nothing: "No key is needed."
        case .owner: "For the owner of the node."
        case .scope(let scope): "Scope \(scope.rawValue), where the gateway demands keys."
        case .principal(let scope):
            "A session, the owner's token or a key with scope \(scope.rawValue)."
        }
    }

    /// A text that a browser shows and never obeys.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
        return result
    }

    private static let style = """
        :root{color-scheme:light dark;--line:#8884;--soft:#8881}
        body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:0 auto;padding:1rem}
        h1{font-size:1.75rem}h2{font-size:1.25rem;margin-top:2rem;text-transform:capitalize}
        h3{font-size:1rem;margin:.75rem 0 .25rem}code{font:13px/1.4 ui-monospace,monospace;\
        overflow-wrap:anywhere}nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;\
        list-style:none}details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;\
        padding:.5rem .75rem}summary{cursor:pointer}summary span{opacity:.8}
        summary code:first-child{font-weight:700;padding:.1rem .4rem;border-radius:4px;\
        background:var(--soft)}dt{margin-top:.5rem}dd{margin:0 0 0 1rem}
        """
}
