// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What happens in this module; raw values are stable kinds.
public enum MandatesEventKind: UInt16, CaseIterable, Sendable {
    /// A mandate began; subject: the mandate; payload: the ``Mandate``.
    case mandateGranted = 1
    /// A mandate ended; subject: the mandate; payload: the ``Mandate``.
    case mandateEnded = 2
    /// A message was sent for a principal; subject: the mandate; payload: ``ActedForPrincipal``.
    case acted = 3
    /// A fee was paid for a delegate; subject: the mandate; payload: the ``Spending``.
    case feesPaid = 4
    /// A machine's owner or authorization changed; subject: the machine; payload: ``OwnedMachine``.
    case machineChanged = 5
}

/// The payload of ``MandatesEventKind/acted``.
public struct ActedForPrincipal: Hashable, Sendable, CanonicalCodable {
    /// For whom.
    public let principal: AccountID
    /// By whom.
    public let delegate: AccountID
    /// What kind of message.
    public let kind: MessageKind
    /// What it cost the principal.
    public let spent: [Spending]

    init(principal: AccountID, delegate: AccountID, kind: MessageKind, spent: [Spending]) {
        self.principal = principal
        self.delegate = delegate
        self.kind = kind
        self.spent = spent
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(principal)
        encoder.write(delegate)
        encoder.write(kind)
        encoder.writeList(spent)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        principal = try decoder.read()
        delegate = try decoder.read()
        kind = try decoder.read()
        spent = try decoder.readList(limit: MandateScope.budgetsMax)
    }
}

extension ExecutionContext {
    func emit(_ kind: MandatesEventKind, about subject: Bytes32, _ payload: some CanonicalCodable) {
        emit(
            Event(
                module: .mandates, kind: kind.rawValue, subject: subject,
                payload: payload.canonicalBytes))
    }
}
