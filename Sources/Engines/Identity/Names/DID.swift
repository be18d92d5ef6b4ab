// SPDX-License-Identifier: Apache-2.0

/// A decentralized identifier (DID core 1.0 §3.1): `did:` method `:` name, checked (IDENTITY-4).
public struct DID: Hashable, Sendable, CustomStringConvertible {
    /// The longest DID: names by hash or key take some 60 bytes, `did:web` a host and a path.
    public static let bytesMax = 512

    /// The method, such as `key`.
    public let method: String
    /// What the method makes of it.
    public let name: String

    /// `did:method:name`.
    public var description: String { "did:\(method):\(name)" }

    /// Joins parts that are known to be well formed.
    init(method: String, name: String) {
        self.method = method
        self.name = name
    }

    /// Reads a DID, or nothing when the text is not exactly one.
    public init?(_ text: some StringProtocol) {
        let text = Substring(text)
        guard text.utf8.count <= Self.bytesMax, text.hasPrefix("did:") else { return nil }
        let rest = text.dropFirst(4)
        guard let colon = rest.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let (method, name) = (rest[..<colon], rest[rest.utf8.index(after: colon)...])
        guard !method.isEmpty, method.utf8.allSatisfy(Self.isMethodByte), Self.isName(name) else {
            return nil
        }
        self.init(method: String(method), name: String(name))
    }

    private static func isMethodByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }

    /// Letters, digits, `.`, `-`, `_`, `:` and escapes; not empty, and no colon at the end.
    private static func isName(_ name: Substring) -> Bool {
        guard let last = name.utf8.last, last != UInt8(ascii: ":") else { return false }
        var bytes = name.utf8
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: ":"):
                continue
            case UInt8(ascii: "%"):
                guard let high = bytes.popFirst(), let low = bytes.popFirst(),
                    isHexadecimal(high), isHexadecimal(low)
                else { return false }
            default: return false
            }
        }
        return true
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}

/// A DID and what follows it (DID core 1.0 §3.2): mostly the fragment that names a key.
public struct DIDURL: Hashable, Sendable, CustomStringConvertible {
    /// The longest URL.
    public static let bytesMax = 1_024

    /// The DID.
    public let did: DID
    /// Path and query, as written; mostly empty.
    public let path: String
    /// What follows `#`, or nothing.
    public let fragment: String?

    /// The text.
    public var description: String { "\(did)\(path)" + (fragment.map { "#\($0)" } ?? "") }

    /// Names a part of a DID's document; `fragment` holds letters, digits, `-` and `_` only.
    init(_ did: DID, fragment: String) {
        self.did = did
        path = ""
        self.fragment = fragment
    }

    /// Reads a DID URL, or nothing.
    ///
    /// - Parameter base: Whose document the text stands in, for texts that are a fragment alone.
    public init?(_ text: String, base: DID? = nil) {
        guard text.utf8.count <= Self.bytesMax,
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        let hash = text.firstIndex(of: "#") ?? text.endIndex
        let tail = text[hash...].dropFirst()
        guard !tail.contains("#") else { return nil }
        let head = text[..<hash]
        let end = head.firstIndex { "/?".contains($0) } ?? head.endIndex
        if head.isEmpty, let base {
            did = base
        } else {
            guard let read = DID(head[..<end]) else { return nil }
            did = read
        }
        path = String(head[end...])
        fragment = tail.isEmpty ? nil : String(tail)
    }
}
