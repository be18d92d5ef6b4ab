// SPDX-License-Identifier: Apache-2.0
import Cryptography

/// Proofs in the interchain standard's form, which light clients of other chains can check.
///
/// A proof is a list of hashing steps; a *specification* says which steps a tree's proofs may have.
/// Source: ICS-23, "Vector Commitments" and its message definitions `cosmos.ics23.v1`;
/// specs/state.md STATE-30 to STATE-34.
public enum ICS23 {
    /// A hash function, by its number in the standard.
    public enum HashOperation: UInt64, Sendable {
        /// None: the bytes as they are.
        case none
        /// SHA-256.
        case sha256
        /// SHA-512.
        case sha512
        /// Keccak-256, which is not computed here.
        case keccak256
        /// RIPEMD-160, which is not computed here.
        case ripemd160
        /// RIPEMD-160 of SHA-256, which is not computed here.
        case bitcoin
        /// SHA-512/256, which is not computed here.
        case sha512Truncated
        /// BLAKE2b-512, which is not computed here.
        case blake2b
        /// BLAKE2s-256, which is not computed here.
        case blake2s
        /// BLAKE3, which is not computed here.
        case blake3

        /// The hash of some bytes.
        ///
        /// - Throws: ``Failure/unsupportedHash(_:)`` for every function but SHA-256 and SHA-512.
        func hash(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
            switch self {
            case .sha256: SHA256.hash(bytes).raw.bytes
            case .sha512: SHA512.hash(bytes)
            default: throw .unsupportedHash(self)
            }
        }

        /// The same, but `none` leaves the bytes as they are.
        func hashOrKeep(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
            self == .none ? bytes : try hash(bytes)
        }
    }

    /// What a leaf writes before a key or a value to tell its length, by its number in the
    /// standard.
    public enum LengthOperation: UInt64, Sendable {
        /// Nothing.
        case none
        /// A varint, as protocol buffers write it.
        case varint
        /// A length of Ethereum's RLP, which is not computed here.
        case recursive
        /// Four bytes, the highest first.
        case fixed32Big
        /// Four bytes, the lowest first.
        case fixed32Little
        /// Eight bytes, the highest first.
        case fixed64Big
        /// Eight bytes, the lowest first.
        case fixed64Little
        /// Nothing, and the bytes must be 32.
        case require32
        /// Nothing, and the bytes must be 64.
        case require64

        /// The bytes with their length before them.
        ///
        /// - Throws: ``Failure/unsupportedLength(_:)``, ``Failure/wrongLength(_:)``.
        func prefixed(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
            switch self {
            case .none: return bytes
            case .varint: return ProtobufWriter.varint(UInt64(bytes.count)) + bytes
            case .recursive: throw .unsupportedLength(self)
            case .fixed32Big: return Self.big(UInt32(bytes.count)) + bytes
            case .fixed32Little: return Self.big(UInt32(bytes.count)).reversed() + bytes
            case .fixed64Big: return Self.big(UInt64(bytes.count)) + bytes
            case .fixed64Little: return Self.big(UInt64(bytes.count)).reversed() + bytes
            case .require32, .require64:
                guard bytes.count == (self == .require32 ? 32 : 64) else {
                    throw .wrongLength(bytes.count)
                }
                return bytes
            }
        }

        private static func big(_ length: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: length.bigEndian) { Array($0) }
        }
    }

    /// Why a proof does not hold, or bytes are no proof.
    public enum Failure: Error, Equatable, Sendable {
        /// A hash function that is not computed here.
        case unsupportedHash(HashOperation)
        /// A length that is not computed here.
        case unsupportedLength(LengthOperation)
        /// A key or value has not the length that the leaf's step requires.
        case wrongLength(Int)
        /// A step has nothing to hash: the name says what is empty.
        case nothing(String)
        /// A step is none of those the specification allows: the name says what differs.
        case againstSpecification(String)
        /// The proof is of another key.
        case otherKey
        /// The proof is of another value.
        case otherValue
        /// The steps lead to this root.
        case wrongRoot([UInt8])
        /// The key does not lie between the neighbours, or these are not next to each other.
        case notBetween
        /// The bytes are no message of this kind: the name says which part is not.
        case malformed(String)
    }
}
