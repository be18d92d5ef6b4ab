// SPDX-License-Identifier: Apache-2.0

/// The parts of a request line (RFC 9112 section 3).
struct RequestLine: Sendable {
    private(set) var method = HTTPMethod.get
    private(set) var target = ""
    private(set) var isVersion10 = false

    init() {}

    /// Splits `METHOD SP target SP HTTP/1.x`.
    init(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) {
        guard let space = line.firstIndex(of: 0x20), let last = line.lastIndex(of: 0x20),
            space < last
        else { throw .malformed("a request line is not method, target and version") }
        let version = line[line.index(after: last)...]
        let target = line[line.index(after: space)..<last]
        guard let method = Self.method(line[..<space]) else {
            throw .malformed("a method is not a token of at most \(HTTPMethod.bytesMax) bytes")
        }
        guard !target.isEmpty, target.allSatisfy(Self.isTargetByte) else {
            throw .malformed("a target has a byte that must be percent-encoded")
        }
        guard target.count <= HTTPLimits.targetBytesMax else { throw .targetTooLong }
        isVersion10 = try Self.isVersion10(version)
        self.method = method
        self.target = String(decoding: target, as: UTF8.self)
    }

    /// The method of a name, without a new string for the usual ones.
    private static func method(_ name: ArraySlice<UInt8>) -> HTTPMethod? {
        if name.elementsEqual("GET".utf8) { return .get }
        if name.elementsEqual("POST".utf8) { return .post }
        return HTTPMethod(String(decoding: name, as: UTF8.self))
    }

    /// Whether a byte may stand in a target: visible ASCII but `#`, which never travels.
    private static func isTargetByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "#")
    }

    /// Whether a version is 1.0 rather than 1.1.
    private static func isVersion10(_ version: ArraySlice<UInt8>) throws(HTTPRefusal) -> Bool {
        if version.elementsEqual("HTTP/1.1".utf8) { return false }
        if version.elementsEqual("HTTP/1.0".utf8) { return true }
        guard version.count == 8, version.starts(with: "HTTP/".utf8),
            version[version.startIndex + 6] == UInt8(ascii: ".")
        else { throw .malformed("a request line does not end with a version") }
        throw .versionUnsupported
    }
}

/// The rules over a whole head.
enum RequestRules {
    /// The head of a request line and fields.
    ///
    /// - Throws: ``HTTPRefusal`` when target, `Host`, framing or expectation break a rule.
    static func head(
        _ line: RequestLine, _ fields: HTTPFields
    ) throws(HTTPRefusal) -> HTTPRequestHead {
        let host = try host(fields, isVersion10: line.isVersion10)
        let target = try Target(line.target, method: line.method)
        let framing = try fields.framing(isVersion10: line.isVersion10) ?? .none
        return HTTPRequestHead(
            method: line.method, path: target.path, query: target.query,
            authority: target.authority ?? host, isVersion10: line.isVersion10, fields: fields,
            framing: framing, expectsContinue: try expectsContinue(fields, line.isVersion10))
    }

    /// The one `Host` field, which HTTP/1.1 requires (RFC 9112 section 3.2).
    private static func host(
        _ fields: HTTPFields, isVersion10: Bool
    ) throws(HTTPRefusal) -> String {
        let hosts = fields.values("host")
        guard hosts.count <= 1 else { throw .malformed("two Host fields") }
        guard let host = hosts.first else {
            guard isVersion10 else { throw .malformed("no Host field") }
            return ""
        }
        guard host.utf8.allSatisfy(HTTPSyntax.isHostByte) else {
            throw .malformed("Host is not a host and port")
        }
        return host
    }

    /// Whether the client waits for `100 Continue` (RFC 9110 section 10.1.1).
    private static func expectsContinue(
        _ fields: HTTPFields, _ isVersion10: Bool
    ) throws(HTTPRefusal) -> Bool {
        let expectations = fields.values("expect")
        guard !expectations.isEmpty, !isVersion10 else { return false }
        guard expectations.allSatisfy({ HTTPSyntax.equalNames($0, "100-continue") }) else {
            throw .expectationUnknown
        }
        return true
    }
}

/// A request's target in one of its forms (RFC 9112 section 3.2).
private struct Target {
    var path: String
    var query: String?
    /// The authority of an absolute form, which stands over the `Host` field.
    var authority: String?

    init(_ text: String, method: HTTPMethod) throws(HTTPRefusal) {
        guard method.name != "CONNECT" else { throw .unsupported("CONNECT is for proxies") }
        var rest = text[...]
        if !rest.hasPrefix("/") {
            if rest == "*", method == .options {
                path = "*"
                return
            }
            guard rest.utf8.count > 7, HTTPSyntax.equalNames(String(rest.prefix(7)), "http://")
            else { throw .malformed("a target is neither a path nor an http address") }
            rest = rest.dropFirst(7)
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            let authority = rest[..<end]
            guard !authority.isEmpty, authority.utf8.allSatisfy(HTTPSyntax.isHostByte) else {
                throw .malformed("a target's authority is not a host and port")
            }
            self.authority = String(authority)
            rest = rest[end...]
        }
        if let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?")) {
            query = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        path = rest.isEmpty ? "/" : String(rest)
    }
}
