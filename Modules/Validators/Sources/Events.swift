// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What happens in this module; raw values are stable kinds.
public enum ValidatorsEventKind: UInt16, CaseIterable, Sendable {
    /// An account became a member; the payload is its ``ValidatorMember``.
    case memberJoined = 1
    /// Key, name, fee account or stake changed; the payload is the ``ValidatorMember``.
    case memberUpdated = 2
    /// The status changed; the payload is the ``ValidatorMember``.
    case statusChanged = 3
    /// An offence cost a part of the stake; the payload is a ``Punishment``.
    case memberPunished = 4
    /// A stake came back to its owner; the payload is the ``ValidatorMember``.
    case stakeReturned = 5
    /// The next set was chosen; the payload is a ``SetChoice``, the subject the set's digest.
    case setChosen = 6
}

/// What a validator did that no honest one does.
public enum Offence: Hashable, Sendable, CanonicalCodable {
    /// It signed two votes or proposals that contradict each other in this slot (CONSENSUS-20).
    case contradiction(Slot)
    /// It signed two batches of this height of its lane (LANES-16).
    case fork(UInt64)
    /// It proposed none of so many blocks of an epoch (VALIDATORS-17).
    case downtime(UInt64)

    /// Appends the tag and the place.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .contradiction(let slot):
            encoder.writeTag(0)
            encoder.write(slot)
        case .fork(let height):
            encoder.writeTag(1)
            encoder.write(height)
        case .downtime(let blocks):
            encoder.writeTag(2)
            encoder.write(blocks)
        }
    }

    /// Reads the tag and the place.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = try .contradiction(decoder.read())
        case 1: self = try .fork(decoder.read())
        case 2: self = try .downtime(decoder.read())
        default: throw .unknownTag(tag)
        }
    }
}

/// The payload of ``ValidatorsEventKind/memberPunished``.
public struct Punishment: Hashable, Sendable, CanonicalCodable {
    /// The epoch of the offence.
    public let epoch: Epoch
    /// What it was.
    public let offence: Offence
    /// What the bond lost.
    public let taken: Amount
    /// What is left of the bond.
    public let rest: Amount
    /// What the grant lost, in whole units.
    public let grantTaken: UInt64

    init(epoch: Epoch, offence: Offence, taken: Amount, rest: Amount, grantTaken: UInt64) {
        self.epoch = epoch
        self.offence = offence
        self.taken = taken
        self.rest = rest
        self.grantTaken = grantTaken
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(epoch)
        encoder.write(offence)
        encoder.write(taken)
        encoder.write(rest)
        encoder.write(grantTaken)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        epoch = try decoder.read()
        offence = try decoder.read()
        taken = try decoder.read()
        rest = try decoder.read()
        grantTaken = try decoder.read()
    }
}

/// The payload of ``ValidatorsEventKind/setChosen``.
public struct SetChoice: Hashable, Sendable, CanonicalCodable {
    /// The epoch that the set votes in.
    public let epoch: Epoch
    /// How many seats it has.
    public let seats: UInt16
    /// How many members of the set before are not in it.
    public let released: UInt16
    /// How many members of it were not in the set before.
    public let newcomers: UInt16
    /// How many wait for a later cut to be let go.
    public let waiting: UInt16
    /// Whether too few stood for election, so that the old members stay (VALIDATORS-10).
    public let isKept: Bool

    init(
        epoch: Epoch, seats: UInt16, released: UInt16, newcomers: UInt16, waiting: UInt16,
        isKept: Bool
    ) {
        self.epoch = epoch
        self.seats = seats
        self.released = released
        self.newcomers = newcomers
        self.waiting = waiting
        self.isKept = isKept
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(epoch)
        encoder.write(seats)
        encoder.write(released)
        encoder.write(newcomers)
        encoder.write(waiting)
        encoder.write(isKept)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        epoch = try decoder.read()
        seats = try decoder.read()
        released = try decoder.read()
        newcomers = try decoder.read()
        waiting = try decoder.read()
        isKept = try decoder.readFlag()
    }
}

extension ExecutionContext {
    func emit(_ kind: ValidatorsEventKind, _ member: ValidatorMember) {
        emit(kind, about: member.account.raw, member.canonicalBytes)
    }

    func emit(_ kind: ValidatorsEventKind, about subject: Bytes32, _ payload: [UInt8]) {
        emit(
            Event(
                module: .validators, kind: kind.rawValue, subject: subject, payload: payload))
    }
}
