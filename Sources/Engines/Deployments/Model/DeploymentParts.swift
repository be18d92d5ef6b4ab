// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What is leased from one provider: services that stand together.
public struct DeploymentGroup: Hashable, Sendable, CanonicalCodable {
    /// Its name.
    public var name: String
    /// What the provider must announce, such as a region; sorted by name.
    public var attributes: [NamedText]

    /// The only group of a compose file.
    public static let nameDefault = "main"

    /// Joins the fields.
    public init(_ name: String = Self.nameDefault, attributes: [NamedText] = []) {
        self.name = name
        self.attributes = attributes
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(name)
        encoder.writeList(attributes)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readName()
        attributes = try decoder.readEntries()
    }
}

/// A folder that outlives the copies that use it.
public struct Volume: Hashable, Sendable, CanonicalCodable {
    /// Its name.
    public var name: String
    /// The most bytes it holds.
    public var bytesMax: UInt64
    /// Labels, sorted by name.
    public var labels: [NamedText]

    /// 1 GiB: what a volume has that says nothing.
    public static let bytesMaxDefault: UInt64 = 1 << 30

    /// Joins the fields.
    public init(_ name: String, bytesMax: UInt64 = Self.bytesMaxDefault, labels: [NamedText] = []) {
        self.name = name
        self.bytesMax = bytesMax
        self.labels = labels
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(name)
        encoder.write(bytesMax)
        encoder.writeList(labels)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readName()
        bytesMax = try decoder.read()
        labels = try decoder.readEntries()
    }
}

/// A network between services of one deployment.
public struct DeploymentNetwork: Hashable, Sendable, CanonicalCodable {
    /// Its name.
    public var name: String
    /// Whether nothing outside can be reached from it.
    public var isInternal: Bool
    /// Labels, sorted by name.
    public var labels: [NamedText]

    /// The network of services that name none.
    public static let nameDefault = "default"

    /// Joins the fields.
    public init(
        _ name: String = Self.nameDefault, isInternal: Bool = false, labels: [NamedText] = []
    ) {
        self.name = name
        self.isInternal = isInternal
        self.labels = labels
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(name)
        encoder.write(isInternal)
        encoder.writeList(labels)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readName()
        isInternal = try decoder.readFlag()
        labels = try decoder.readEntries()
    }
}

/// A file that services read and that is no secret: its bytes stand in the manifest.
public struct ConfigFile: Hashable, Sendable, CanonicalCodable {
    /// Its name.
    public var name: String
    /// Its bytes.
    public var bytes: [UInt8]

    /// Joins the fields.
    public init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(name)
        encoder.writeBytes(bytes)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readName()
        bytes = try decoder.readBytes(limit: DeploymentLimits.configBytesMax)
    }
}
