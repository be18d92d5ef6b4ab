// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// A header with its leader's signature: what two proposals of one slot leave as proof.
public struct SignedHeader: CanonicalCodable, Hashable {
    /// What was proposed.
    public let header: BlockHeader
    /// The proposer's signature over ``BlockHeader/proposalBytes``.
    public let signature: Signature

    /// Joins the parts without checking them.
    public init(header: BlockHeader, signature: Signature) {
        self.header = header
        self.signature = signature
    }

    /// Whether the proposer that the header names signed it.
    public var isSigned: Bool { header.proposer.accepts(signature, over: header.proposalBytes) }

    /// Appends the header, then the signature.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(header)
        encoder.write(signature)
    }

    /// Reads a signed header.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        header = try decoder.read()
        signature = try decoder.read()
    }
}

/// Two signed messages of one key for one slot that no honest validator signs (CONSENSUS-20).
///
/// It stands alone: whoever knows the chain and its validators can check it.
public enum EquivocationEvidence: Hashable, Sendable {
    /// Two votes that contradict each other.
    case votes(Vote, Vote)
    /// Two proposals for one slot.
    case proposals(SignedHeader, SignedHeader)

    /// The slot of the offence.
    public var slot: Slot {
        switch self {
        case .votes(let first, _): first.statement.slot
        case .proposals(let first, _): first.header.slot
        }
    }

    /// The epoch of the offence, whose validators the offender is one of.
    public var epoch: Epoch {
        switch self {
        case .votes(let first, _): first.epoch
        case .proposals(let first, _): first.header.epoch
        }
    }

    /// Checks both messages and their contradiction.
    ///
    /// - Parameter validators: Those of the evidence's epoch.
    /// - Returns: The offender's place in `validators`, or nothing when this proves nothing.
    public func offender(validators: ValidatorSet, chain: ChainID) -> Int? {
        switch self {
        case .votes(let first, let second):
            guard first.validator == second.validator, first.epoch == second.epoch
            else { return nil }
            guard first.statement.contradicts(second.statement) else { return nil }
            guard first.isSigned(validators: validators, chain: chain) else { return nil }
            guard second.isSigned(validators: validators, chain: chain) else { return nil }
            return Int(first.validator)
        case .proposals(let first, let second):
            guard first.header.chain == chain, second.header.chain == chain else { return nil }
            guard first.header.epoch == second.header.epoch else { return nil }
            guard first.header.slot == second.header.slot else { return nil }
            guard first.header.proposer == second.header.proposer else { return nil }
            guard first.header != second.header else { return nil }
            guard first.isSigned, second.isSigned else { return nil }
            return validators.index(of: first.header.proposer)
        }
    }
}

extension EquivocationEvidence: CanonicalCodable {
    /// Appends the tag and the two messages.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .votes(let first, let second):
            encoder.writeTag(0)
            encoder.write(first)
            encoder.write(second)
        case .proposals(let first, let second):
            encoder.writeTag(1)
            encoder.write(first)
            encoder.write(second)
        }
    }

    /// Reads evidence without judging it.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        switch try decoder.readTag() {
        case 0: self = try .votes(decoder.read(), decoder.read())
        case 1: self = try .proposals(decoder.read(), decoder.read())
        case let tag: throw .unknownTag(tag)
        }
    }
}
