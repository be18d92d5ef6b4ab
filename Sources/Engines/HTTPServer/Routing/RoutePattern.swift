// SPDX-License-Identifier: Apache-2.0

/// A path with places: `/v1/jobs/{id}` names one segment, `/blobs/{path...}` all that follow.
public struct RoutePattern: Hashable, Sendable, ExpressibleByStringLiteral {
    /// One segment of the pattern.
    enum Segment: Hashable, Sendable {
        /// Exactly this text, decoded.
        case literal(String)
        /// Any one segment, given to the handler by name.
        case parameter(String)
        /// One segment or more, given to the handler by name with `/` between them.
        case rest(String)
    }

    /// The segments from the left.
    let segments: [Segment]
    /// The pattern as written.
    public let text: String

    /// Reads a pattern; nothing unless it starts with `/`, names each place once, and has a rest
    /// only at its end.
    public init?(_ text: String) {
        guard text.hasPrefix("/") else { return nil }
        var segments: [Segment] = []
        var names: Set<String> = []
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            if case .rest = segments.last { return nil }
            guard part.hasPrefix("{") else {
                guard !part.contains("{"), !part.contains("}") else { return nil }
                segments.append(.literal(String(part)))
                continue
            }
            guard part.hasSuffix("}") else { return nil }
            var name = part.dropFirst().dropLast()
            let isRest = name.hasSuffix("...")
            if isRest { name = name.dropLast(3) }
            guard HTTPSyntax.isToken(String(name)), names.insert(String(name)).inserted else {
                return nil
            }
            segments.append(isRest ? .rest(String(name)) : .parameter(String(name)))
        }
        self.segments = segments
        self.text = text
    }

    /// A pattern of the program's own text, which must be well formed.
    public init(stringLiteral value: String) {
        guard let pattern = RoutePattern(value) else {
            preconditionFailure("\(value) is not a route pattern")
        }
        self = pattern
    }
}

/// The segments a pattern's places stood for, decoded.
public struct RouteParameters: Sendable {
    private var pairs: [(name: String, value: String)] = []

    /// No parameters.
    init() {}

    mutating func set(_ name: String, _ value: String) { pairs.append((name, value)) }
    mutating func removeLast() { pairs.removeLast() }

    /// The text at a place, or nothing when the pattern does not name it.
    public subscript(_ name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// The value at a place, read by `parse`.
    ///
    /// - Throws: ``Problem`` 400 naming the place when `parse` gives nothing.
    public func value<Value>(
        _ name: String, _ parse: (String) -> Value?
    ) throws(Problem) -> Value {
        guard let text = self[name], let value = parse(text) else {
            throw Problem(.badRequest, detail: "the path's \(name) is malformed")
        }
        return value
    }
}
