// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Bytes that only the holder of a provider's key may read. They never print, log or describe
/// themselves (DEPLOY-13).
public struct SecretValue: Hashable, Sendable {
    /// The bytes, for whoever writes the file that a service reads.
    public let bytes: [UInt8]

    /// The most bytes: 64 KiB, more than any key or certificate has.
    public static let bytesMax = 64 << 10

    /// Takes bytes within the limit, or nothing.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.bytesMax else { return nil }
        self.bytes = bytes
    }
}

extension SecretValue: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// That it is a secret, and nothing of it, not even its length.
    public var description: String { "SecretValue" }

    /// The same.
    public var debugDescription: String { description }

    /// Nothing, so that dump() shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension SecretValue: CanonicalCodable {
    /// Appends the bytes behind their length.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeBytes(bytes) }

    /// Reads bytes within the limit.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        bytes = try decoder.readBytes(limit: Self.bytesMax)
    }
}

/// The value of one of a deployment's secrets.
public struct NamedSecret: Hashable, Sendable, CanonicalCodable {
    /// Its name in the manifest.
    public let name: String
    /// Its value.
    public let value: SecretValue

    /// Joins the fields.
    public init(_ name: String, _ value: SecretValue) {
        self.name = name
        self.value = value
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(name)
        encoder.write(value)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readName()
        value = try decoder.read()
    }
}

/// Who somebody is to a registry that does not give its images to everybody.
public struct RegistryCredential: Hashable, Sendable, CanonicalCodable {
    /// The registry, as images name it: host, or host and port.
    public let registry: String
    /// The name there.
    public let user: String
    /// The password or token there.
    public let password: SecretValue

    /// Joins the fields.
    public init(registry: String, user: String, password: SecretValue) {
        self.registry = registry
        self.user = user
        self.password = password
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(registry)
        encoder.writeText(user)
        encoder.write(password)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        registry = try decoder.readValue()
        user = try decoder.readValue()
        password = try decoder.read()
    }
}
