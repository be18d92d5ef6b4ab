// SPDX-License-Identifier: Apache-2.0

/// A request method (RFC 9110 section 9): a token in the case it was sent.
public struct HTTPMethod: Hashable, Sendable, CustomStringConvertible {
    /// The longest method accepted, in bytes; the longest registered, `UPDATEREDIRECTREF`, has 17.
    static let bytesMax = 32

    /// The method's name.
    public let name: String

    /// Names a method of this house.
    init(known name: String) { self.name = name }

    /// Takes a method's name; nothing when it is not a token of at most 32 bytes.
    public init?(_ name: String) {
        guard HTTPSyntax.isToken(name), name.utf8.count <= Self.bytesMax else { return nil }
        self.name = name
    }

    /// Reads a representation.
    public static let get = HTTPMethod(known: "GET")
    /// As `GET`, without the body.
    public static let head = HTTPMethod(known: "HEAD")
    /// Hands a representation to the resource.
    public static let post = HTTPMethod(known: "POST")
    /// Replaces the resource.
    public static let put = HTTPMethod(known: "PUT")
    /// Changes a part of the resource.
    public static let patch = HTTPMethod(known: "PATCH")
    /// Removes the resource.
    public static let delete = HTTPMethod(known: "DELETE")
    /// Asks what may be done.
    public static let options = HTTPMethod(known: "OPTIONS")

    /// Whether sending it twice does no more than sending it once (RFC 9110 section 9.2.2).
    var isIdempotent: Bool { self != .post && self != .patch }

    /// The name.
    public var description: String { name }
}
