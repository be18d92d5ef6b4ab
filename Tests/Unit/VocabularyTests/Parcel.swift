// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// A value with a field of every kind that canonical bytes know, for the tests of the codec.
struct Parcel: CanonicalCodable, Hashable {
    enum Label: CanonicalCodable, Hashable {
        case plain
        case fragile(UInt16)
        case heavy(Amount, weights: [BlockHeight])

        func encode(to encoder: inout CanonicalEncoder) {
            switch self {
            case .plain:
                encoder.writeTag(0)
            case .fragile(let degree):
                encoder.writeTag(1)
                encoder.write(degree)
            case .heavy(let price, let weights):
                encoder.writeTag(2)
                encoder.write(price)
                encoder.writeList(weights)
            }
        }

        init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            switch try decoder.readTag() {
            case 0: self = .plain
            case 1: self = try .fragile(decoder.read())
            case 2: self = try .heavy(decoder.read(), weights: decoder.readList(limit: 4))
            case let tag: throw .unknownTag(tag)
            }
        }
    }

    var isSealed: Bool
    var small: Int8
    var wide: UInt128
    var name: String
    var content: [UInt8]
    var code: [UInt8]
    var sender: AccountID?
    var signature: Signature?
    var labels: [Label]

    static let nameBytesMax = 16
    static let contentBytesMax = 64
    static let labelsMax = 3

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(isSealed)
        encoder.write(small)
        encoder.write(wide)
        encoder.writeText(name)
        encoder.writeBytes(content)
        encoder.writeFixed(code)
        encoder.writeOptional(sender)
        encoder.writeOptional(signature)
        encoder.writeList(labels)
    }
}

extension Parcel {
    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        isSealed = try decoder.readFlag()
        small = try decoder.read()
        wide = try decoder.read()
        name = try decoder.readText(limit: Self.nameBytesMax)
        content = try decoder.readBytes(limit: Self.contentBytesMax)
        code = try decoder.readFixed(3)
        sender = try decoder.readOptional()
        signature = try decoder.readOptional()
        labels = try decoder.readList(limit: Self.labelsMax)
    }

    /// A parcel drawn from seeded numbers.
    init(random numbers: inout SeededNumbers) {
        let names = ["", "a", "grüße", "🏝 atoll", "0123456789abcdef"]
        isSealed = numbers.next() & 1 == 1
        small = Int8(truncatingIfNeeded: numbers.next())
        wide = UInt128(numbers.next()) << 64 | UInt128(numbers.next())
        name = names[Int.random(in: names.indices, using: &numbers)]
        content = numbers.bytes(Int.random(in: 0...Self.contentBytesMax, using: &numbers))
        code = numbers.bytes(3)
        sender = Bytes32(numbers.bytes(32)).map(AccountID.init)
        signature = numbers.next() & 1 == 1 ? Signature(numbers.bytes(64)) : nil
        labels = [
            .plain, .fragile(7),
            .heavy(Amount(whole: 3), weights: [BlockHeight(1), BlockHeight(2)]),
        ]
    }
}

/// Seeded numbers (SplitMix64), the same in every run.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}
