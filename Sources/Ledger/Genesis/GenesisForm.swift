// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Vocabulary

/// The one byte string of a JSON value, for the chain's identity (LEDGER-21).
///
/// White space and the order of an object's members do not matter; everything else does. Each value
/// is a tag and BCS: 0 null, 1 flag, 2 number as written, 3 text, 4 list, 5 members in the order of
/// their names' UTF-8 bytes.
enum GenesisForm {
    /// The canonical bytes of a value.
    static func bytes(of json: JSON) -> [UInt8] {
        var encoder = CanonicalEncoder()
        write(json, to: &encoder)
        return encoder.bytes
    }

    /// SHA-256 of a domain tag, a zero byte and the canonical bytes.
    static func digest(of json: JSON, domain: String) -> Digest {
        SHA256.hash(Array(domain.utf8) + [0] + bytes(of: json))
    }

    private static func write(_ json: JSON, to encoder: inout CanonicalEncoder) {
        switch json {
        case .null:
            encoder.writeTag(0)
        case .bool(let flag):
            encoder.writeTag(1)
            encoder.write(flag)
        case .number(let text):
            encoder.writeTag(2)
            encoder.writeText(text)
        case .string(let text):
            encoder.writeTag(3)
            encoder.writeText(text)
        case .array(let elements):
            encoder.writeTag(4)
            encoder.writeLength(elements.count)
            for element in elements { write(element, to: &encoder) }
        case .object(let members):
            encoder.writeTag(5)
            encoder.writeLength(members.count)
            for member in members.sorted(by: precedes) {
                encoder.writeText(member.name)
                write(member.value, to: &encoder)
            }
        }
    }

    private static func precedes(_ left: JSON.Member, _ right: JSON.Member) -> Bool {
        left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
}
