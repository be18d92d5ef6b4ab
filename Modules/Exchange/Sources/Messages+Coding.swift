// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

extension ExchangeMessage: CanonicalCodable {
    private var tag: UInt32 {
        switch self {
        case .createPool: 0
        case .addLiquidity: 1
        case .removeLiquidity: 2
        case .swap: 3
        case .lock: 4
        case .unlock: 5
        case .fund: 6
        case .convert: 7
        case .setWindow: 8
        }
    }

    /// Appends the tag and the message.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeTag(tag)
        switch self {
        case .createPool(let order): encoder.write(order)
        case .addLiquidity(let order): encoder.write(order)
        case .removeLiquidity(let order): encoder.write(order)
        case .swap(let order): encoder.write(order)
        case .lock(let pool, let shares, let until):
            encoder.write(pool)
            encoder.write(shares)
            encoder.write(until)
        case .unlock(let pool): encoder.write(pool)
        case .fund(let amount): encoder.write(amount)
        case .convert(let asset, let amount, let least):
            encoder.write(asset)
            encoder.write(amount)
            encoder.write(least)
        case .setWindow(let asset, let terms):
            encoder.write(asset)
            encoder.writeOptional(terms)
        }
    }

    /// Reads the tag and the message.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        switch try decoder.readTag() {
        case 0: self = try .createPool(decoder.read())
        case 1: self = try .addLiquidity(decoder.read())
        case 2: self = try .removeLiquidity(decoder.read())
        case 3: self = try .swap(decoder.read())
        case 4:
            self = try .lock(pool: decoder.read(), shares: decoder.read(), until: decoder.read())
        case 5: self = try .unlock(pool: decoder.read())
        case 6: self = try .fund(decoder.read())
        case 7:
            self = try .convert(
                asset: decoder.read(), amount: decoder.read(), least: decoder.read())
        case 8: self = try .setWindow(asset: decoder.read(), terms: decoder.readOptional())
        case let tag: throw .unknownTag(tag)
        }
    }
}
