// SPDX-License-Identifier: Apache-2.0
public import Consensus
public import Cryptography
public import Ledger
public import Vocabulary

/// What may be asked of this module; the sender is the member itself, but for evidence, which
/// anybody may bring.
public enum ValidatorsMessage: Hashable, Sendable {
    /// Become a member.
    case join(JoinValidators)
    /// Add to the stake.
    case addStake(Amount)
    /// Stop serving; the stake comes back later.
    case leave
    /// Vote with another key from the next epoch on.
    case rotateKey(KeyClaim)
    /// Change the name and the account of the fees.
    case update(UpdateMember)
    /// Stand for election again after jail.
    case resume
    /// Have an offender punished that contradicted itself in a slot.
    case submitEvidence(EquivocationEvidence)
    /// Have an offender punished that forked its lane.
    case submitLaneEvidence(LaneEvidence)

    /// The message as a transaction carries it.
    public var message: Message { Message(module: .validators, payload: canonicalBytes) }

    /// Reads a payload.
    ///
    /// - Throws: `malformedMessage` when the bytes are not a message within its limits.
    static func read(_ payload: [UInt8]) throws(Refusal) -> ValidatorsMessage {
        do {
            return try ValidatorsMessage(canonicalBytes: payload)
        } catch {
            throw .validators(.malformedMessage, "the payload does not read: \(error)")
        }
    }
}

extension ValidatorsMessage: CanonicalCodable {
    /// Appends the tag and the message.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .join(let message):
            encoder.writeTag(0)
            encoder.write(message)
        case .addStake(let amount):
            encoder.writeTag(1)
            encoder.write(amount)
        case .leave: encoder.writeTag(2)
        case .rotateKey(let claim):
            encoder.writeTag(3)
            encoder.write(claim)
        case .update(let message):
            encoder.writeTag(4)
            encoder.write(message)
        case .resume: encoder.writeTag(5)
        case .submitEvidence(let evidence):
            encoder.writeTag(6)
            encoder.write(evidence)
        case .submitLaneEvidence(let evidence):
            encoder.writeTag(7)
            encoder.write(evidence)
        }
    }

    /// Reads the tag and the message.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = try .join(decoder.read())
        case 1: self = try .addStake(decoder.read())
        case 2: self = .leave
        case 3: self = try .rotateKey(decoder.read())
        case 4: self = try .update(decoder.read())
        case 5: self = .resume
        case 6: self = try .submitEvidence(decoder.read())
        case 7: self = try .submitLaneEvidence(decoder.read())
        default: throw .unknownTag(tag)
        }
    }
}

/// A consensus key with the proof that whoever claims it has it (VALIDATORS-3).
public struct KeyClaim: Hashable, Sendable, CanonicalCodable {
    /// The key.
    public let key: PublicKey
    /// The key's signature over the chain and the account that claims it.
    public let proof: Signature

    /// The tag of what is signed.
    public static let domain = "atoll/validator-key/1"

    /// Claims a key for an account.
    public init(_ key: SigningKey, for account: AccountID, on chain: ChainID) {
        self.key = key.publicKey
        proof = key.sign(Self.signedBytes(account, chain))
    }

    /// Whether the key signed this claim; a small-order key, with which everything is signed, is
    /// refused by the one acceptance rule of signatures.
    public func holds(for account: AccountID, on chain: ChainID) -> Bool {
        key.accepts(proof, over: Self.signedBytes(account, chain))
    }

    private static func signedBytes(_ account: AccountID, _ chain: ChainID) -> [UInt8] {
        var encoder = CanonicalEncoder(capacity: 96)
        encoder.writeFixed(Array(domain.utf8) + [0])
        encoder.write(chain)
        encoder.write(account)
        return encoder.bytes
    }

    /// Appends the key, then the proof.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(key)
        encoder.write(proof)
    }

    /// Reads the key, then the proof.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        key = try decoder.read()
        proof = try decoder.read()
    }
}

/// Makes the sender a member (VALIDATORS-4).
public struct JoinValidators: Hashable, Sendable, CanonicalCodable {
    /// The key it will vote with.
    public let claim: KeyClaim
    /// What people call it: 1 to 64 bytes.
    public let name: String
    /// What it pays in, in native base units.
    public let stake: Amount
    /// The account that receives the fees of its blocks.
    public let fees: AccountID

    /// Describes a membership.
    public init(claim: KeyClaim, name: String, stake: Amount, fees: AccountID) {
        self.claim = claim
        self.name = name
        self.stake = stake
        self.fees = fees
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(claim)
        encoder.writeText(name)
        encoder.write(stake)
        encoder.write(fees)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        claim = try decoder.read()
        name = try decoder.readText(limit: ValidatorMember.nameBytesMax)
        stake = try decoder.read()
        fees = try decoder.read()
    }
}

/// Replaces the sender's name and fee account (VALIDATORS-5).
public struct UpdateMember: Hashable, Sendable, CanonicalCodable {
    /// What people call it from now on.
    public let name: String
    /// Who receives the fees of its blocks from the next epoch on.
    public let fees: AccountID

    /// Describes an update.
    public init(name: String, fees: AccountID) {
        self.name = name
        self.fees = fees
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(name)
        encoder.write(fees)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readText(limit: ValidatorMember.nameBytesMax)
        fees = try decoder.read()
    }
}
