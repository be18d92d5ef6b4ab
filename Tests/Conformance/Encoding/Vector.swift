// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Ledger
import Vocabulary

/// One message as JSON describes it and as its canonical bytes.
///
/// Numbers above 32 bits and amounts are decimal texts, bytes are hexadecimal ones.
struct Vector {
    let module: String
    let value: JSON
    let message: Message

    init(_ module: String, _ value: JSON, _ message: Message) {
        self.module = module
        self.value = value
        self.message = message
    }

    var json: JSON {
        [
            "module": .string(module), "value": value,
            "payload": .string(Hexadecimal.encode(message.payload)),
        ]
    }
}

/// Values that all vectors share.
enum Fixed {
    static let seed = [UInt8](0..<32)

    /// 32 equal bytes.
    static func raw(_ byte: UInt8) -> Bytes32 {
        Bytes32 { $0.copyBytes(from: [UInt8](repeating: byte, count: Bytes32.count)) }
    }

    static func digits(_ byte: UInt8) -> JSON { .string(Hexadecimal.encode(raw(byte).bytes)) }

    static let account = AccountID(raw(0xa1))
    static let other = AccountID(raw(0xb2))
    static let digest = Digest(raw(0xd4))
    static let job = JobID(raw(0xc3))
    static let signature = Signature(point: raw(0x5a), scalar: raw(0x5b))
    static let signatureDigits = JSON.string(Hexadecimal.encode(signature.bytes))

    /// An amount whose sixteen bytes differ.
    static let amount = Amount(0x0f0e_0d0c_0b0a_0908_0706_0504_0302_0100)
    static let amountDigits = JSON.string("\(amount.units)")
    /// A whole number whose eight bytes differ.
    static let count: UInt64 = 0x0807_0605_0403_0201
    static let countDigits = JSON.string("\(count)")
    static let time = Timestamp(count)
}
