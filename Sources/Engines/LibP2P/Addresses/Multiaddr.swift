// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// An address that says each protocol on the way: `/ip4/192.0.2.1/tcp/4001/p2p/12D3KooW...`.
///
/// Source: multiformats multiaddr; LIBP-10.
public struct Multiaddr: Hashable, Sendable, CustomStringConvertible {
    /// The longest binary form.
    public static let encodedBytesMax = 1_024
    /// The longest text: three letters a byte.
    public static let textBytesMax = 3 * encodedBytesMax
    /// The most components; the longest known address, through a relay, has nine.
    public static let componentsMax = 16
    /// The most addresses of one peer that are read or told.
    public static let listMax = 64
    /// The longest name of a host (RFC 1035 §2.3.4).
    static let nameBytesMax = 253

    /// One protocol and its value's bytes.
    public struct Component: Hashable, Sendable {
        /// The protocol.
        public let name: MultiaddrProtocol
        /// The bytes of its value, in the form of its protocol.
        public let value: [UInt8]

        init(_ name: MultiaddrProtocol, _ value: [UInt8] = []) {
            self.name = name
            self.value = value
        }
    }

    /// The components in order.
    public let components: [Component]

    /// An address of components whose values are in their form.
    init(_ components: [Component]) { self.components = components }

    /// Reads the binary form.
    ///
    /// - Throws: ``WireFailure``, with ``WireFailure/unknownProtocolCode(_:)`` for what is not in
    ///   ``MultiaddrProtocol``.
    public init(_ bytes: [UInt8]) throws(WireFailure) {
        guard bytes.count <= Self.encodedBytesMax else {
            throw .tooLong(limit: Self.encodedBytesMax)
        }
        var components: [Component] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            try components.append(Component(taking: &rest), max: Self.componentsMax)
        }
        guard !components.isEmpty else { throw .malformed(.address) }
        self.components = components
    }

    /// Reads the text form.
    ///
    /// - Throws: ``WireFailure``, with ``WireFailure/unknownProtocolName(_:)`` for what is not in
    ///   ``MultiaddrProtocol``.
    public init(_ text: String) throws(WireFailure) {
        guard text.utf8.count <= Self.textBytesMax else { throw .tooLong(limit: Self.textBytesMax) }
        guard text.hasPrefix("/") else { throw .malformed(.address) }
        var words = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)[...]
        if words.last?.isEmpty == true { words = words.dropLast() }
        var components: [Component] = []
        while let word = words.popFirst() {
            try components.append(Component(word, &words), max: Self.componentsMax)
        }
        guard !components.isEmpty else { throw .malformed(.address) }
        self.components = components
        guard bytes.count <= Self.encodedBytesMax else {
            throw .tooLong(limit: Self.encodedBytesMax)
        }
    }

    /// The binary form.
    public var bytes: [UInt8] { components.flatMap(\.bytes) }

    /// The text form.
    public var description: String { components.map(\.description).joined() }

    /// Those of a list that can be read, in their order; the rest has protocols not known here.
    static func known(_ list: [[UInt8]]) -> [Multiaddr] { list.compactMap { try? Multiaddr($0) } }
}

extension Multiaddr.Component: CustomStringConvertible {
    /// Takes one from the front of binary form.
    init(taking bytes: inout ArraySlice<UInt8>) throws(WireFailure) {
        let code = try Varint.take(&bytes)
        guard let name = MultiaddrProtocol(rawValue: code) else { throw .unknownProtocolCode(code) }
        var count: Int
        switch name.shape {
        case .none: count = 0
        case .fixed(let fixed): count = fixed
        case .text, .peer:
            let length = try Varint.take(&bytes)
            guard length <= UInt64(bytes.count) else { throw .truncated }
            count = Int(length)
        }
        guard bytes.count >= count else { throw .truncated }
        self.init(name, Array(bytes.prefix(count)))
        bytes = bytes.dropFirst(count)
        try check()
    }

    /// Reads one word and, when its protocol has one, the value after it.
    init(_ word: Substring, _ words: inout ArraySlice<Substring>) throws(WireFailure) {
        guard let name = MultiaddrProtocol(name: word) else {
            throw .unknownProtocolName(String(word.prefix(64)))
        }
        guard case .none = name.shape else {
            guard let value = words.popFirst() else { throw .truncated }
            self.init(name, try Self.value(of: name, value))
            try check()
            return
        }
        self.init(name)
    }

    private static func value(
        of name: MultiaddrProtocol, _ text: Substring
    ) throws(WireFailure) -> [UInt8] {
        switch name {
        case .ip4:
            guard let bytes = IPText.ip4(text) else { throw .malformed(.address) }
            return bytes
        case .ip6:
            guard let bytes = IPText.ip6(text) else { throw .malformed(.address) }
            return bytes
        case .tcp, .udp:
            guard text.allSatisfy(\.isNumber), let port = UInt16(text) else {
                throw .malformed(.port)
            }
            return [UInt8(port >> 8), UInt8(truncatingIfNeeded: port)]
        case .p2p: return try PeerID(text).bytes
        case .ip6zone, .dns, .dns4, .dns6, .dnsaddr, .sni: return Array(text.utf8)
        case .p2pCircuit, .tls, .noise, .quic, .quicV1, .ws, .wss: return []
        }
    }

    private func check() throws(WireFailure) {
        switch name.shape {
        case .none, .fixed: break
        case .peer: _ = try PeerID(value)
        case .text:
            let isName = value.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") }
            guard !value.isEmpty, value.count <= Multiaddr.nameBytesMax, isName else {
                throw .malformed(.address)
            }
        }
    }

    /// The binary form.
    var bytes: [UInt8] {
        switch name.shape {
        case .none, .fixed: Varint.encode(name.rawValue) + value
        case .text, .peer:
            Varint.encode(name.rawValue) + Varint.encode(UInt64(value.count)) + value
        }
    }

    /// The text form with its leading slash.
    public var description: String {
        switch name {
        case .ip4: "/ip4/\(IPText.text(ip4: value))"
        case .ip6: "/ip6/\(IPText.text(ip6: value))"
        case .tcp, .udp: "/\(name.name)/\(Int(value[0]) << 8 | Int(value[1]))"
        case .p2p: "/p2p/\(Base58.encode(value))"
        case .ip6zone, .dns, .dns4, .dns6, .dnsaddr, .sni:
            "/\(name.name)/\(String(decoding: value, as: UTF8.self))"
        case .p2pCircuit, .tls, .noise, .quic, .quicV1, .ws, .wss: "/\(name.name)"
        }
    }
}
