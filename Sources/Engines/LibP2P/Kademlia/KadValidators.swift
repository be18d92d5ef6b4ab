// SPDX-License-Identifier: Apache-2.0

/// What values a namespace of keys may have, and which of several is best.
public struct KadValidator: Sendable {
    /// Whether a value may stand under a key.
    public var accepts: @Sendable (_ key: [UInt8], _ value: [UInt8]) -> Bool
    /// Whether the first of two acceptable values is better than the second.
    public var prefers: @Sendable (_ one: [UInt8], _ other: [UInt8]) -> Bool

    /// Joins the two.
    public init(
        accepts: @escaping @Sendable ([UInt8], [UInt8]) -> Bool,
        prefers: @escaping @Sendable ([UInt8], [UInt8]) -> Bool
    ) {
        self.accepts = accepts
        self.prefers = prefers
    }

    /// Keys `/pk/` and a peer's name; the value is the key the name was made from.
    public static let publicKeys = KadValidator(
        accepts: { key, value in
            guard let name = KadValidators.rest(of: key), let peer = try? PeerID(name),
                let read = try? IdentityKey(encoded: value)
            else { return false }
            return PeerID(of: read) == peer
        },
        prefers: { _, _ in false })

    /// Keys of a namespace and a peer's name; the value is that peer's envelope for `domain`,
    /// whose payload begins with a sequence number as a varint: the largest is best.
    public static func signedRecords(domain: String, payloadType: [UInt8]) -> KadValidator {
        @Sendable func open(_ value: [UInt8]) -> (peer: PeerID, sequence: UInt64)? {
            guard let envelope = try? SignedEnvelope(value, type: payloadType, domain: domain)
            else { return nil }
            var payload = envelope.payload[...]
            guard let sequence = try? Varint.take(&payload) else { return nil }
            return (PeerID(of: envelope.key), sequence)
        }
        return KadValidator(
            accepts: { key, value in
                guard let name = KadValidators.rest(of: key), let peer = try? PeerID(name) else {
                    return false
                }
                return open(value)?.peer == peer
            },
            prefers: { one, other in
                (open(one)?.sequence ?? 0) > (open(other)?.sequence ?? 0)
            })
    }
}

/// The validators of all namespaces; a key of no known namespace has no value.
///
/// Source: libp2p kad-dht specification, "Entry validation"; LIBP-44.
public struct KadValidators: Sendable {
    private var byNamespace: [String: KadValidator] = ["pk": .publicKeys]

    /// Public keys only.
    public init() {}

    /// Sets the validator of a namespace.
    public mutating func set(_ namespace: String, _ validator: KadValidator) {
        byNamespace[namespace] = validator
    }

    /// Whether a value may stand under a key.
    public func accepts(_ key: [UInt8], _ value: [UInt8]) -> Bool {
        validator(of: key)?.accepts(key, value) ?? false
    }

    /// Whether the first of two acceptable values is better than the second.
    public func prefers(_ one: [UInt8], to other: [UInt8], under key: [UInt8]) -> Bool {
        validator(of: key)?.prefers(one, other) ?? false
    }

    private func validator(of key: [UInt8]) -> KadValidator? {
        let parts = Self.parts(of: key)
        guard let parts, let name = String(validating: parts.namespace, as: UTF8.self) else {
            return nil
        }
        return byNamespace[name]
    }

    /// What follows a key's namespace.
    static func rest(of key: [UInt8]) -> [UInt8]? { parts(of: key).map { Array($0.rest) } }

    // `/namespace/rest`
    private static func parts(
        of key: [UInt8]
    ) -> (namespace: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
        let slash = UInt8(ascii: "/")
        guard key.first == slash, let end = key.dropFirst().firstIndex(of: slash) else {
            return nil
        }
        return (key[1..<end], key[(end + 1)...])
    }
}
