// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What an account could vote with from a time on (GOVERNANCE-3).
public struct Power: Hashable, Sendable, CanonicalCodable {
    /// Its own stake: locked here, and at stake elsewhere.
    public internal(set) var own: Amount
    /// What others let it vote with.
    public internal(set) var received: Amount
    /// Whom it lets vote with its own.
    public internal(set) var delegate: AccountID?
    /// The root weight of its lock, in millionths; 0 when nobody vouches for a person.
    public internal(set) var root: UInt128

    static let none = Power(own: .zero, received: .zero, delegate: nil, root: 0)

    init(own: Amount, received: Amount, delegate: AccountID?, root: UInt128) {
        self.own = own
        self.received = received
        self.delegate = delegate
        self.root = root
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(own)
        encoder.write(received)
        encoder.writeOptional(delegate)
        encoder.write(root)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        own = try decoder.read()
        received = try decoder.read()
        delegate = try decoder.readOptional()
        root = try decoder.read()
    }
}

/// What everybody together could vote with from a time on.
public struct TotalPower: Hashable, Sendable, CanonicalCodable {
    /// All stake.
    public internal(set) var stake: UInt128
    /// All roots of persons.
    public internal(set) var roots: UInt128

    static let none = TotalPower(stake: 0, roots: 0)

    init(stake: UInt128, roots: UInt128) {
        self.stake = stake
        self.roots = roots
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(stake)
        encoder.write(roots)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        stake = try decoder.read()
        roots = try decoder.read()
    }
}

/// A seat in a council.
public struct CouncilSeat: Hashable, Sendable, CanonicalCodable {
    /// Who sits there.
    public let account: AccountID
    /// What its vote weighs; seats alike weigh 1.
    public let weight: UInt64

    /// Describes a seat.
    public init(account: AccountID, weight: UInt64) {
        self.account = account
        self.weight = weight
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(account)
        encoder.write(weight)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        account = try decoder.read()
        weight = try decoder.read()
    }
}

/// The seats of a council; those without anybody are not there and count in no total (R18).
public struct CouncilSeats: Hashable, Sendable, CanonicalCodable {
    /// By ascending account; at most ``seatsMax``.
    public let seats: [CouncilSeat]

    /// The most seats (CO-18).
    public static let seatsMax = 100
    /// The most seats of the board: three founders, four elected, two experts (OP-21).
    public static let boardMax = 9
    /// The most weight of one seat.
    static let weightMax: UInt64 = 1_000_000_000

    /// Describes a council.
    public init(_ seats: [CouncilSeat]) { self.seats = seats }

    var isValid: Bool {
        seats.count <= Self.seatsMax
            && seats.allSatisfy { (1...Self.weightMax).contains($0.weight) }
            && zip(seats, seats.dropFirst()).allSatisfy { $0.account < $1.account }
    }

    var total: UInt128 { seats.reduce(0) { $0 + UInt128($1.weight) } }

    func weight(of account: AccountID) -> UInt128 {
        seats.first { $0.account == account }.map { UInt128($0.weight) } ?? 0
    }

    /// Appends the list.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(seats) }

    /// Reads the list.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        seats = try decoder.readList(limit: Self.seatsMax)
    }
}

/// What one account said of a proposal in one electorate.
public struct Ballot: Hashable, Sendable, CanonicalCodable {
    /// What.
    public let choice: Choice
    /// With how much.
    public internal(set) var weight: UInt128

    init(choice: Choice, weight: UInt128) {
        self.choice = choice
        self.weight = weight
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(choice)
        encoder.write(weight)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        choice = try decoder.read()
        weight = try decoder.read()
    }
}
