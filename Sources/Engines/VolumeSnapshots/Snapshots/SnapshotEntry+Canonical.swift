// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

extension SnapshotFile: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(size)
        encoder.writeList(runs)
        encoder.write(content)
        encoder.write(inode)
        encoder.write(changed)
    }

    /// Reads the fields in order, and checks that they fit each other.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        size = try decoder.read()
        runs = try decoder.readList(limit: SnapshotLimits.runsMax)
        content = try decoder.read()
        inode = try decoder.read()
        changed = try decoder.read()
        guard isSound else { throw .outOfRange("SnapshotFile") }
    }
}

extension SnapshotEntry: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeBytes(name)
        switch kind {
        case .file(let file):
            encoder.writeTag(0)
            encoder.write(file)
        case .folder(let listing):
            encoder.writeTag(1)
            encoder.write(listing)
        case .symbolicLink(let target):
            encoder.writeTag(2)
            encoder.writeBytes(target)
        case .hardLink(let path):
            encoder.writeTag(3)
            encoder.writeBytes(path)
        case .pipe: encoder.writeTag(4)
        case .device(let isBlock, let major, let minor):
            encoder.writeTag(5)
            encoder.write(isBlock)
            encoder.write(major)
            encoder.write(minor)
        }
        encoder.write(mode)
        encoder.write(user)
        encoder.write(group)
        encoder.write(modified)
        encoder.writeList(attributes)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readBytes(limit: SnapshotLimits.nameBytesMax)
        switch try decoder.readTag() {
        case 0: kind = .file(try decoder.read())
        case 1: kind = .folder(try decoder.read())
        case 2:
            kind = .symbolicLink(try decoder.readBytes(limit: SnapshotLimits.targetBytesMax))
        case 3: kind = .hardLink(try decoder.readBytes(limit: SnapshotLimits.targetBytesMax))
        case 4: kind = .pipe
        case 5:
            kind = .device(
                isBlock: try decoder.readFlag(), major: try decoder.read(),
                minor: try decoder.read())
        case let tag: throw .unknownTag(tag)
        }
        mode = try decoder.read()
        user = try decoder.read()
        group = try decoder.read()
        modified = try decoder.read()
        attributes = try decoder.readList(limit: SnapshotLimits.attributesMax)
        guard mode <= 0o7777 else { throw .outOfRange("SnapshotEntry") }
    }
}
