// SPDX-License-Identifier: Apache-2.0
public import Effects
import Vocabulary

/// An address `http://host:port/path?query` or `https://…` (RFC 9110 sections 4.2.1 and 4.2.2),
/// without user, password or fragment.
public struct HTTPAddress: Hashable, Sendable, CustomStringConvertible {
    /// Whether the connection is to be sealed: `https`.
    public let isSealed: Bool
    /// Host and port; the port is 80 unless written, 443 for `https`.
    public let endpoint: Endpoint
    /// Path and query as sent, starting with `/`.
    public let target: String

    /// Joins an endpoint and a target; nothing when the target does not start with `/` or has
    /// bytes that must be percent-encoded, or the host could not stand in a `Host` field.
    public init?(endpoint: Endpoint, target: String = "/", isSealed: Bool = false) {
        guard target.hasPrefix("/"), target.utf8.count <= HTTPLimits.targetBytesMax,
            target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }),
            !endpoint.host.isEmpty,
            endpoint.isLocal || endpoint.host.utf8.allSatisfy(HTTPSyntax.isHostByte)
        else { return nil }
        self.endpoint = endpoint
        self.target = target
        self.isSealed = isSealed
    }

    /// Reads an address; nothing when it is not one of this form.
    public init?(_ text: String) {
        guard let scheme = Self.schemes.first(where: { Self.begins(text, with: $0.text) }) else {
            return nil
        }
        let rest = text.dropFirst(scheme.text.utf8.count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = String(rest[..<end])
        let hasPort = authority.last != "]" && authority.contains(":")
        guard let endpoint = Endpoint(hasPort ? authority : authority + ":\(scheme.port)"),
            endpoint.port > 0
        else { return nil }
        let target = rest[end...]
        self.init(
            endpoint: endpoint, target: target.hasPrefix("/") ? String(target) : "/\(target)",
            isSealed: scheme.isSealed)
    }

    /// How an address begins, and what that means.
    private static let schemes: [(text: String, port: UInt16, isSealed: Bool)] = [
        ("http://", 80, false), ("https://", 443, true),
    ]

    private static func begins(_ text: String, with scheme: String) -> Bool {
        let count = scheme.utf8.count
        return text.utf8.count > count
            && HTTPSyntax.equalNames(
                String(decoding: text.utf8.prefix(count), as: UTF8.self), scheme)
    }

    /// What stands in the `Host` field: a local socket has no name (HTTP-85).
    var hostField: String { endpoint.isLocal ? "localhost" : "\(endpoint)" }

    /// The address of a path at the same endpoint, with a query of decoded names and values.
    ///
    /// - Parameter path: Already percent-encoded, as ``encoded(_:)`` does for one segment.
    public func at(_ path: String, query: [(name: String, value: String)] = []) -> HTTPAddress? {
        let items = query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
        let suffix = items.isEmpty ? "" : "?" + items.joined(separator: "&")
        return HTTPAddress(endpoint: endpoint, target: path + suffix, isSealed: isSealed)
    }

    /// A text percent-encoded so that it is one segment of a path, or one name or value of a query.
    public static func encoded(_ text: String) -> String { PercentEncoding.encode(text) }

    /// The address as written.
    public var description: String { origin + target }

    /// The address without what is asked there, such as `https://a.example:443`.
    public var origin: String { "\(isSealed ? "https" : "http")://\(endpoint)" }
}
