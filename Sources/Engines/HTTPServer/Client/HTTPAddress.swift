// SPDX-License-Identifier: Apache-2.0
public import Effects
import Vocabulary

/// An address `http://host:port/path?query` (RFC 9110 section 4.2.1), without user, password or
/// fragment.
public struct HTTPAddress: Hashable, Sendable, CustomStringConvertible {
    /// Host and port; the port is 80 unless written.
    public let endpoint: Endpoint
    /// Path and query as sent, starting with `/`.
    public let target: String

    /// Joins an endpoint and a target; nothing when the target does not start with `/` or has
    /// bytes that must be percent-encoded, or the host could not stand in a `Host` field.
    public init?(endpoint: Endpoint, target: String = "/") {
        guard target.hasPrefix("/"), target.utf8.count <= HTTPLimits.targetBytesMax,
            target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }),
            !endpoint.host.isEmpty, endpoint.host.utf8.allSatisfy(HTTPSyntax.isHostByte)
        else { return nil }
        self.endpoint = endpoint
        self.target = target
    }

    /// Reads an address; nothing when it is not one of this form.
    public init?(_ text: String) {
        guard text.utf8.count > 7, HTTPSyntax.equalNames(String(text.prefix(7)), "http://") else {
            return nil
        }
        let rest = text.dropFirst(7)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = String(rest[..<end])
        let hasPort = authority.last != "]" && authority.contains(":")
        guard let endpoint = Endpoint(hasPort ? authority : authority + ":80"), endpoint.port > 0
        else { return nil }
        let target = rest[end...]
        self.init(endpoint: endpoint, target: target.hasPrefix("/") ? String(target) : "/\(target)")
    }

    /// The address of a path at the same endpoint, with a query of decoded names and values.
    ///
    /// - Parameter path: Already percent-encoded, as ``encoded(_:)`` does for one segment.
    public func at(_ path: String, query: [(name: String, value: String)] = []) -> HTTPAddress? {
        let items = query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
        let suffix = items.isEmpty ? "" : "?" + items.joined(separator: "&")
        return HTTPAddress(endpoint: endpoint, target: path + suffix)
    }

    /// A text percent-encoded so that it is one segment of a path, or one name or value of a query.
    public static func encoded(_ text: String) -> String { PercentEncoding.encode(text) }

    /// The address as written.
    public var description: String { "http://\(endpoint)\(target)" }
}
