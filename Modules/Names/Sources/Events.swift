// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What happens in this module; raw values are stable kinds. The subject is the name's hash
/// (``PlainName/id``), the payload a ``NameEvent``.
public enum NamesEventKind: UInt16, CaseIterable, Sendable {
    /// An auction began.
    case auctionOpened = 1
    /// Somebody offered more.
    case bidPlaced = 2
    /// An auction ended, and the name has an owner.
    case nameWon = 3
    /// Terms were paid.
    case nameRenewed = 4
    /// The name stands for another.
    case namePointed = 5
    /// The name has another owner.
    case nameTransferred = 6
    /// The owner gave it up.
    case nameReleased = 7
}

/// The payload of every event of this module: how the name stands after it.
public struct NameEvent: Hashable, Sendable, CanonicalCodable {
    /// The name.
    public let name: PlainName
    /// Who holds it, if anybody.
    public let record: NameRecord?
    /// Its auction, while it is open.
    public let auction: NameAuction?
    /// What was paid, or offered.
    public let amount: Amount
    /// Whom it concerns, beside the name: owners and bidders, before and after.
    public let people: [AccountID]

    /// The most people one event concerns.
    public static let peopleMax = 4

    init(
        name: PlainName, record: NameRecord? = nil, auction: NameAuction? = nil,
        amount: Amount = .zero, people: [AccountID]
    ) {
        self.name = name
        self.record = record
        self.auction = auction
        self.amount = amount
        self.people = people
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(name)
        encoder.writeOptional(record)
        encoder.writeOptional(auction)
        encoder.write(amount)
        encoder.writeList(people)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.read()
        record = try decoder.readOptional()
        auction = try decoder.readOptional()
        amount = try decoder.read()
        people = try decoder.readList(limit: Self.peopleMax)
    }
}

extension ExecutionContext {
    func emit(_ kind: NamesEventKind, _ event: NameEvent) {
        emit(
            Event(
                module: .names, kind: kind.rawValue, subject: event.name.id,
                payload: event.canonicalBytes))
    }
}
