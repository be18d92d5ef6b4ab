// SPDX-License-Identifier: Apache-2.0
public import Consensus
public import Vocabulary

/// The set that votes in an epoch, as the state says it at the cut before (VALIDATORS-8).
public struct NextSet: Hashable, Sendable, CanonicalCodable {
    /// The epoch it votes in; 0 is the genesis's.
    public let epoch: Epoch
    /// Who votes, with which weight.
    public let validators: ValidatorSet

    /// Joins an epoch and its set.
    public init(epoch: Epoch, validators: ValidatorSet) {
        self.epoch = epoch
        self.validators = validators
    }

    /// Appends the epoch, then the set.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(epoch)
        encoder.write(validators)
    }

    /// Reads the epoch, then the set.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        epoch = try decoder.read()
        validators = try decoder.read()
    }
}

/// One place in the set of an epoch.
public struct Seat: Hashable, Sendable, CanonicalCodable {
    /// The member's account.
    public let account: AccountID
    /// The key it votes with in this epoch.
    public let key: PublicKey
    /// Its weight after the cap.
    public let weight: UInt64
    /// The account that receives the fees of its blocks in this epoch.
    public let fees: AccountID

    init(_ member: ValidatorMember, weight: UInt64) {
        account = member.account
        key = member.key
        self.weight = weight
        fees = member.fees
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(account)
        encoder.write(key)
        encoder.write(weight)
        encoder.write(fees)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        account = try decoder.read()
        key = try decoder.read()
        weight = try decoder.read()
        fees = try decoder.read()
    }
}

/// The seats of one epoch, in the order of its ``ValidatorSet``.
public struct EpochSeats: Hashable, Sendable, CanonicalCodable {
    /// The seats, 1 to ``seatsMax``.
    public let seats: [Seat]

    /// The most seats: 100 signatures of 64 bytes keep a certificate below 7 KiB.
    public static let seatsMax = 100

    init(_ seats: [Seat]) { self.seats = seats }

    /// The set as consensus takes it.
    ///
    /// - Throws: ``ValidatorSetError``; what this module stored never throws.
    public var validators: ValidatorSet {
        get throws(ValidatorSetError) {
            try ValidatorSet(seats.map { Validator(key: $0.key, stake: UInt128($0.weight)) })
        }
    }

    /// The sum of all weights, below 2^60: 100 times at most 2^53.
    public var totalWeight: UInt64 { seats.reduce(0) { $0 + $1.weight } }

    /// The seat that votes with a key, or nothing.
    public func seat(of key: PublicKey) -> Seat? { seats.first { $0.key == key } }

    /// Whether an account has a seat.
    func has(_ account: AccountID) -> Bool { seats.contains { $0.account == account } }

    /// Appends the list.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(seats) }

    /// Reads the list.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        seats = try decoder.readList(limit: Self.seatsMax)
    }
}
