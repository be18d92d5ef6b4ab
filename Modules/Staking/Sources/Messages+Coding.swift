// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

extension StakingMessage: CanonicalCodable {
    private var tag: UInt32 {
        switch self {
        case .openBond: 0
        case .addBond: 1
        case .reduceBond: 2
        case .leave: 3
        case .pause: 4
        case .resume: 5
        case .setSigner: 6
        case .extendLock: 7
        case .breakLock: 8
        case .submitContradiction: 9
        case .delegate: 10
        case .undelegate: 11
        case .redelegate: 12
        case .claim: 13
        case .setCommission: 14
        case .tokenize: 15
        case .redeem: 16
        case .insure: 17
        case .settle: 18
        case .fund: 19
        }
    }

    /// Appends the tag and the message.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeTag(tag)
        switch self {
        case .openBond(let order): encoder.write(order)
        case .addBond(let amounts), .reduceBond(let amounts): encoder.write(amounts)
        case .leave(let role), .pause(let role), .resume(let role), .breakLock(let role):
            encoder.write(role)
        case .setSigner(let change): encoder.write(change)
        case .extendLock(let role, let lock):
            encoder.write(role)
            encoder.write(lock)
        case .submitContradiction(let evidence): encoder.write(evidence)
        case .delegate(let order), .undelegate(let order): encoder.write(order)
        case .redelegate(let order): encoder.write(order)
        case .claim(let account): encoder.write(account)
        case .setCommission(let rate): encoder.write(rate)
        case .tokenize(let account, let shares), .redeem(let account, let shares):
            encoder.write(account)
            encoder.write(shares)
        case .insure(let isWanted): encoder.write(isWanted)
        case .settle(let owner, let account):
            encoder.write(owner)
            encoder.write(account)
        case .fund(let amount): encoder.write(amount)
        }
    }

    /// Reads the tag and the message.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = try .openBond(decoder.read())
        case 1: self = try .addBond(decoder.read())
        case 2: self = try .reduceBond(decoder.read())
        case 3: self = try .leave(decoder.read())
        case 4: self = try .pause(decoder.read())
        case 5: self = try .resume(decoder.read())
        case 6: self = try .setSigner(decoder.read())
        case 7: self = try .extendLock(decoder.read(), lock: decoder.read())
        case 8: self = try .breakLock(decoder.read())
        case 9: self = try .submitContradiction(decoder.read())
        case 10: self = try .delegate(decoder.read())
        case 11: self = try .undelegate(decoder.read())
        case 12: self = try .redelegate(decoder.read())
        case 13: self = try .claim(decoder.read())
        case 14: self = try .setCommission(decoder.read())
        case 15: self = try .tokenize(decoder.read(), shares: decoder.read())
        case 16: self = try .redeem(decoder.read(), shares: decoder.read())
        case 17: self = try .insure(decoder.readFlag())
        case 18: self = try .settle(owner: decoder.read(), operator: decoder.read())
        case 19: self = try .fund(decoder.read())
        default: throw .unknownTag(tag)
        }
    }
}
