// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be asked of this module.
public enum GovernanceMessage: Hashable, Sendable {
    /// Lock native units to vote with.
    case lock(Amount)
    /// Take locked units back, when no vote of theirs goes on.
    case unlock(Amount)
    /// Let another account vote with one's stake, or nobody else.
    case delegate(AccountID?)
    /// Note what an account has at stake now; anybody may ask.
    case refresh(AccountID)
    /// Submit a draft with a deposit.
    case propose(Draft, deposit: Amount)
    /// Take back a proposal before people vote on it.
    case withdraw(UInt64)
    /// Vote, or vote otherwise.
    case vote(UInt64, Choice)
    /// Say that one's node can follow another version's rules, as the plan of this digest has them.
    case signalReady(UInt32, plan: Digest)
    /// Fill the seats of a council, as the governance.
    case setSeats(Electorate, CouncilSeats)
    /// Replace the rules of a kind of proposals, as the governance.
    case setRules(ProposalKind, KindRules)

    /// The message as a transaction carries it.
    public var message: Message { Message(module: .governance, payload: canonicalBytes) }

    /// Reads a payload.
    ///
    /// - Throws: `malformedMessage` when the bytes are not a message within its limits.
    static func read(_ payload: [UInt8]) throws(Refusal) -> GovernanceMessage {
        do {
            return try GovernanceMessage(canonicalBytes: payload)
        } catch {
            throw .governance(.malformedMessage, "the payload does not read: \(error)")
        }
    }
}

extension GovernanceMessage: CanonicalCodable {
    /// Appends the tag and the message.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .lock(let amount):
            encoder.writeTag(0)
            encoder.write(amount)
        case .unlock(let amount):
            encoder.writeTag(1)
            encoder.write(amount)
        case .delegate(let account):
            encoder.writeTag(2)
            encoder.writeOptional(account)
        case .refresh(let account):
            encoder.writeTag(3)
            encoder.write(account)
        case .propose(let draft, let deposit):
            encoder.writeTag(4)
            encoder.write(draft)
            encoder.write(deposit)
        case .withdraw(let number):
            encoder.writeTag(5)
            encoder.write(number)
        case .vote(let number, let choice):
            encoder.writeTag(6)
            encoder.write(number)
            encoder.write(choice)
        case .signalReady(let version, let plan):
            encoder.writeTag(7)
            encoder.write(version)
            encoder.write(plan)
        case .setSeats(let electorate, let seats):
            encoder.writeTag(8)
            encoder.write(electorate)
            encoder.write(seats)
        case .setRules(let kind, let rules):
            encoder.writeTag(9)
            encoder.write(kind)
            encoder.write(rules)
        }
    }

    /// Reads the tag and the message.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = try .lock(decoder.read())
        case 1: self = try .unlock(decoder.read())
        case 2: self = try .delegate(decoder.readOptional())
        case 3: self = try .refresh(decoder.read())
        case 4: self = try .propose(decoder.read(), deposit: decoder.read())
        case 5: self = try .withdraw(decoder.read())
        case 6: self = try .vote(decoder.read(), decoder.read())
        case 7: self = try .signalReady(decoder.read(), plan: decoder.read())
        case 8: self = try .setSeats(decoder.read(), decoder.read())
        case 9: self = try .setRules(decoder.read(), decoder.read())
        default: throw .unknownTag(tag)
        }
    }
}
