// SPDX-License-Identifier: Apache-2.0

/// Which pages of other origins a browser lets read answers (Fetch, section 3.2; HTTP-70).
///
/// A request that changes something, or that asks for a socket, from a page of an origin that is
/// neither this server's nor named here is refused: a browser would send it, and only hide the
/// answer (HTTP-71).
public struct CrossOrigins: Hashable, Sendable {
    /// The most origins.
    public static let originsMax = 64
    /// How long a browser may remember an answer to its question, in seconds.
    private static let memorySeconds = 600

    /// The origins, such as `https://app.example`, in lower case.
    public let allowed: Set<String>

    /// Allows some origins, at most ``originsMax``; nothing for more or for one that is no
    /// `scheme://host[:port]`.
    public init?(_ origins: [String] = []) {
        let lowered = origins.map { $0.lowercased() }
        guard origins.count <= Self.originsMax, lowered.allSatisfy(Self.isOrigin) else {
            return nil
        }
        allowed = Set(lowered)
    }

    private static func isOrigin(_ text: String) -> Bool {
        for scheme in ["http://", "https://"] where text.hasPrefix(scheme) {
            let host = text.dropFirst(scheme.count)
            return !host.isEmpty && host.utf8.allSatisfy(HTTPSyntax.isHostByte)
        }
        return false
    }

    /// Whether a page of this origin may read answers to this request.
    private func allows(_ origin: String, _ head: HTTPRequestHead) -> Bool {
        let origin = origin.lowercased()
        return allowed.contains(origin) || Self.isSame(origin, head)
    }

    private static func isSame(_ origin: String, _ head: HTTPRequestHead) -> Bool {
        let authority = head.authority.lowercased()
        return origin == "http://\(authority)" || origin == "https://\(authority)"
    }

    /// Why a request of a foreign page is not answered, or nothing.
    func refusal(of head: HTTPRequestHead) -> Problem? {
        guard let origin = head.fields["origin"], !allows(origin, head) else { return nil }
        let isHarmless = [.get, .head, .options].contains(head.method)
        guard !isHarmless || head.fields["upgrade"] != nil else { return nil }
        return Problem(
            403, type: "urn:atoll:problem:foreignOrigin", title: "The page's origin is foreign",
            detail: "pages of this origin may change nothing here",
            members: [("name", .text("foreignOrigin"))])
    }

    /// Lets the page that asked read the answer, if it may.
    func permit(_ head: HTTPRequestHead, _ response: inout HTTPResponse) {
        response.vary("Origin")
        guard let origin = head.fields["origin"], allowed.contains(origin.lowercased()) else {
            return
        }
        response.fields["Access-Control-Allow-Origin"] = origin
        response.fields["Access-Control-Expose-Headers"] =
            "ETag, Retry-After, X-Request-ID, Content-Length"
    }

    /// Answers a browser's question before a request (Fetch, section 3.2.2).
    func answerQuestion(
        _ head: HTTPRequestHead, _ methods: String, _ response: inout HTTPResponse
    ) {
        guard let origin = head.fields["origin"], allowed.contains(origin.lowercased()),
            head.fields["access-control-request-method"] != nil
        else { return }
        response.fields["Access-Control-Allow-Methods"] = methods
        response.fields["Access-Control-Allow-Headers"] =
            "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, "
            + "Range, X-Request-ID"
        response.fields["Access-Control-Max-Age"] = "\(Self.memorySeconds)"
    }
}

extension HTTPResponse {
    /// Says that the answer depends on a header field of the request.
    mutating func vary(_ name: String) {
        guard !fields.contains(token: name, in: "vary") else { return }
        fields["Vary"] = fields["Vary"].map { "\($0), \(name)" } ?? name
    }
}
