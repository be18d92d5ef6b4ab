// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Something that a service finds at a path.
public struct Mount: Hashable, Sendable, CanonicalCodable {
    /// What lies there.
    public enum Source: Hashable, Sendable {
        /// A volume of the deployment, or a folder of it.
        case volume(String, subpath: String?)
        /// Memory of at most so many bytes, which ends with the copy.
        case memory(bytesMax: UInt64, mode: UInt32)
    }

    /// What lies there.
    public var source: Source
    /// The absolute path inside.
    public var target: String
    /// Whether it cannot be written.
    public var isReadOnly: Bool

    /// Joins the fields.
    public init(_ source: Source, at target: String, isReadOnly: Bool = false) {
        self.source = source
        self.target = target
        self.isReadOnly = isReadOnly
    }

    /// The volume, when it is one.
    public var volume: String? {
        if case .volume(let name, _) = source { return name }
        return nil
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch source {
        case .volume(let name, let subpath):
            encoder.writeTag(0)
            encoder.writeText(name)
            encoder.writeOptionalText(subpath)
        case .memory(let bytesMax, let mode):
            encoder.writeTag(1)
            encoder.write(bytesMax)
            encoder.write(mode)
        }
        encoder.writeText(target)
        encoder.write(isReadOnly)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        switch try decoder.readTag() {
        case 0: source = .volume(try decoder.readName(), subpath: try decoder.readOptionalText())
        case 1: source = .memory(bytesMax: try decoder.read(), mode: try decoder.read())
        case let tag: throw .unknownTag(tag)
        }
        target = try decoder.readValue()
        isReadOnly = try decoder.readFlag()
    }
}

/// A secret or a config of the deployment that a service may read as a file.
public struct FileGrant: Hashable, Sendable, CanonicalCodable {
    /// Which one.
    public var name: String
    /// The absolute path inside.
    public var target: String
    /// The owner's number.
    public var user: UInt32
    /// The group's number.
    public var group: UInt32
    /// The permission bits.
    public var mode: UInt32

    /// What files have whose mode is not said: readable by everybody inside.
    public static let modeDefault: UInt32 = 0o444

    /// Joins the fields.
    public init(
        _ name: String, at target: String, user: UInt32 = 0, group: UInt32 = 0,
        mode: UInt32 = Self.modeDefault
    ) {
        self.name = name
        self.target = target
        self.user = user
        self.group = group
        self.mode = mode
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(name)
        encoder.writeText(target)
        encoder.write(user)
        encoder.write(group)
        encoder.write(mode)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readName()
        target = try decoder.readValue()
        user = try decoder.read()
        group = try decoder.read()
        mode = try decoder.read()
        guard mode <= 0o777 else { throw .outOfRange("FileGrant") }
    }
}
