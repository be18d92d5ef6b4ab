// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

extension SparseMerkleTree.Leaf: CanonicalCodable {
    /// Appends the key, then the value hash.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(key)
        encoder.write(valueHash)
    }

    /// Reads 64 bytes.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        try self.init(key: decoder.read(), valueHash: decoder.read())
    }
}

extension RangeProof.Item: CanonicalCodable {
    /// Appends a tag, then what it needs.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .inner: encoder.writeTag(0)
        case .outside(let hash):
            encoder.writeTag(1)
            encoder.write(hash)
        case .collapsed: encoder.writeTag(2)
        case .leafOutside(let key, let valueHash):
            encoder.writeTag(3)
            encoder.write(key)
            encoder.write(valueHash)
        }
    }

    /// Reads a tag, then what it needs.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = .inner
        case 1: self = try .outside(decoder.read())
        case 2: self = .collapsed
        case 3: self = try .leafOutside(key: decoder.read(), valueHash: decoder.read())
        default: throw .unknownTag(tag)
        }
    }
}

extension RangeProof: CanonicalCodable {
    /// Appends the list of items.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(items) }

    /// Reads at most ``itemsMax`` items.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        items = try decoder.readList(limit: Self.itemsMax)
    }
}

extension SnapshotChunk: CanonicalCodable {
    /// Appends the bounds, the leaves and the proof.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(first)
        encoder.write(last)
        encoder.writeList(leaves)
        encoder.write(proof)
    }

    /// Reads at most ``leavesMax`` leaves; whether the proof holds is for ``verify(root:)``.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        first = try decoder.read()
        last = try decoder.read()
        leaves = try decoder.readList(limit: Self.leavesMax)
        proof = try decoder.read()
    }
}
