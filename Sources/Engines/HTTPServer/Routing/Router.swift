// SPDX-License-Identifier: Apache-2.0

/// Answers a request. A thrown ``Problem`` becomes its response; any other error becomes a 500.
public typealias HTTPHandler = @Sendable (HTTPRequest) async throws -> HTTPResponse

/// Finds the handler of a method and path.
///
/// A literal segment wins over a place, a place over a rest. `GET` routes answer `HEAD`, and
/// `OPTIONS` is answered for every known path. A match walks the path's segments, at most
/// ``segmentsMax``, through a tree and costs no more for more routes.
public struct Router: Sendable {
    /// The most segments of a path: 64, far beyond any route; longer paths are not found.
    static let segmentsMax = 64

    /// One route.
    struct Route: Sendable {
        let method: HTTPMethod
        let bodyBytesMax: UInt64
        let handler: HTTPHandler
    }

    /// What a method and path lead to.
    enum Match: Sendable {
        case found(Route, RouteParameters)
        /// The path exists with these methods alone, sorted.
        case wrongMethod(allowed: [String])
        case notFound
        /// The path's escapes are malformed.
        case malformed
    }

    /// A place in the tree of segments.
    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameter: Int?
        /// Routes that take the rest of the path from here.
        var rest: [NamedRoute] = []
        /// Routes that end here.
        var routes: [NamedRoute] = []
    }

    /// A route with the names of its pattern's places, from the left.
    private struct NamedRoute: Sendable {
        let names: [String]
        let route: Route
    }

    private var nodes: [Node] = [Node()]

    /// A router that knows no path.
    public init() {}

    /// Adds a route.
    ///
    /// - Parameters:
    ///   - bodyBytesMax: The most bytes of a request's body; more are refused with 413.
    ///   - handler: Answers the requests.
    public mutating func on(
        _ method: HTTPMethod, _ pattern: RoutePattern, bodyBytesMax: UInt64 = 0,
        _ handler: @escaping HTTPHandler
    ) {
        var node = 0
        var names: [String] = []
        var takesRest = false
        for segment in pattern.segments {
            switch segment {
            case .literal(let text): node = child(of: node, literal: text)
            case .parameter(let name):
                names.append(name)
                node = parameterChild(of: node)
            case .rest(let name):
                names.append(name)
                takesRest = true
            }
        }
        let route = NamedRoute(
            names: names, route: Route(method: method, bodyBytesMax: bodyBytesMax, handler: handler)
        )
        let known = takesRest ? nodes[node].rest : nodes[node].routes
        precondition(
            !known.contains { $0.route.method == method },
            "\(method) \(pattern.text) has two handlers")
        if takesRest { nodes[node].rest.append(route) } else { nodes[node].routes.append(route) }
    }

    /// Adds a route for `GET` and `HEAD`.
    public mutating func get(_ pattern: RoutePattern, _ handler: @escaping HTTPHandler) {
        on(.get, pattern, handler)
    }

    /// Adds a route for `POST` with a body of at most `bodyBytesMax`.
    public mutating func post(
        _ pattern: RoutePattern, bodyBytesMax: UInt64, _ handler: @escaping HTTPHandler
    ) {
        on(.post, pattern, bodyBytesMax: bodyBytesMax, handler)
    }

    private mutating func child(of node: Int, literal text: String) -> Int {
        if let known = nodes[node].literals[text] { return known }
        nodes.append(Node())
        nodes[node].literals[text] = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func parameterChild(of node: Int) -> Int {
        if let known = nodes[node].parameter { return known }
        nodes.append(Node())
        nodes[node].parameter = nodes.count - 1
        return nodes.count - 1
    }
}

// MARK: - Matching

extension Router {
    /// The route of a request.
    func match(_ method: HTTPMethod, path: String) -> Match {
        guard path.hasPrefix("/") else { return .notFound }
        var segments: [String] = []
        for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard segments.count < Self.segmentsMax else { return .notFound }
            guard let text = Self.decoded(part) else { return .malformed }
            segments.append(text)
        }
        guard let (routes, values) = find(segments) else { return .notFound }
        let found =
            routes.first { $0.route.method == method }
            ?? (method == .head ? routes.first { $0.route.method == .get } : nil)
        guard let found else { return .wrongMethod(allowed: Self.allowed(routes)) }
        var parameters = RouteParameters()
        for (name, value) in zip(found.names, values) { parameters.set(name, value) }
        return .found(found.route, parameters)
    }

    /// A segment without its escapes; nothing when they are malformed, or when it is `.` or `..`,
    /// which clients resolve before they send (RFC 3986 section 5.2.4).
    private static func decoded(_ part: Substring) -> String? {
        let hasEscapes = part.utf8.contains(UInt8(ascii: "%"))
        guard let text = hasEscapes ? HTTPSyntax.percentDecoded(part) : String(part) else {
            return nil
        }
        return text == "." || text == ".." ? nil : text
    }

    /// The routes at a path and the texts at its places.
    private func find(_ segments: [String]) -> ([NamedRoute], [String])? {
        var values: [String] = []
        guard let routes = find(segments[...], from: 0, values: &values) else { return nil }
        return (routes, values)
    }

    private func find(
        _ segments: ArraySlice<String>, from index: Int, values: inout [String]
    ) -> [NamedRoute]? {
        let node = nodes[index]
        guard let segment = segments.first else {
            return node.routes.isEmpty ? nil : node.routes
        }
        if let next = node.literals[segment],
            let routes = find(segments.dropFirst(), from: next, values: &values)
        {
            return routes
        }
        if let next = node.parameter, !segment.isEmpty {
            values.append(segment)
            if let routes = find(segments.dropFirst(), from: next, values: &values) {
                return routes
            }
            values.removeLast()
        }
        guard !node.rest.isEmpty, segments.contains(where: { !$0.isEmpty }) else { return nil }
        values.append(segments.joined(separator: "/"))
        return node.rest
    }

    /// The methods of routes, with those the server answers by itself.
    private static func allowed(_ routes: [NamedRoute]) -> [String] {
        var names = Set(routes.map(\.route.method.name))
        if names.contains("GET") { names.insert("HEAD") }
        names.insert("OPTIONS")
        return names.sorted()
    }
}
