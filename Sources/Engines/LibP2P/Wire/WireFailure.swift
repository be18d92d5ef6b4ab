// SPDX-License-Identifier: Apache-2.0

/// Why bytes or text of a stranger cannot be read.
public enum WireFailure: Error, Hashable, Sendable {
    /// The bytes end before what they announce.
    case truncated
    /// Something is longer than this many bytes or items, the most that is taken.
    case tooLong(limit: Int)
    /// The bytes are not of the form that is expected.
    case malformed(WirePart)
    /// A protocol of an address that is not known here, by its code.
    case unknownProtocolCode(UInt64)
    /// A protocol of an address that is not known here, by its name.
    case unknownProtocolName(String)
}

/// What was being read when the bytes went wrong.
public enum WirePart: String, Hashable, Sendable {
    case varint, field, text, base58, base32, multibase, multihash, cid, peerID, key, envelope
    case address, port, message, record
}
