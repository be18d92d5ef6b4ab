// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What happens in this module; raw values are stable kinds. The subject is the identity's account.
///
/// The first two are the identity's log: replayed in order they give its record (IDENTITIES-3).
public enum IdentitiesEventKind: UInt16, CaseIterable, Sendable {
    /// A log has begun; the payload is a ``NewIdentity``.
    case identityCreated = 1
    /// A log has gone on; the payload is a `SignedOperation`.
    case operationAdded = 2
    /// An issuer came, changed or left; the payload is the ``Issuer``.
    case issuerChanged = 3
    /// An issuer lost a part of its bond; the payload is an ``IssuerSlashed``.
    case issuerSlashed = 4
    /// A list of status was anchored; the payload is the ``StatusAnchor``.
    case statusAnchored = 5
    /// Somebody vouched for a person; the payload is the ``PersonRecord``.
    case personChanged = 6
}

/// The payload of ``IdentitiesEventKind/issuerSlashed``.
public struct IssuerSlashed: Hashable, Sendable, CanonicalCodable {
    /// Who reported it.
    public let reporter: AccountID
    /// What was taken.
    public let taken: Amount
    /// What of it the reporter got.
    public let reward: Amount
    /// The SHA-256 of the credential without its proof.
    public let document: Digest
    /// The type it had no authority for.
    public let type: String

    init(
        reporter: AccountID, taken: Amount, reward: Amount, document: Digest, type: String
    ) {
        self.reporter = reporter
        self.taken = taken
        self.reward = reward
        self.document = document
        self.type = type
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(reporter)
        encoder.write(taken)
        encoder.write(reward)
        encoder.write(document)
        encoder.writeText(type)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        reporter = try decoder.read()
        taken = try decoder.read()
        reward = try decoder.read()
        document = try decoder.read()
        type = try decoder.readText(limit: RegisterIssuer.typeBytesMax)
    }
}

extension ExecutionContext {
    func emit(
        _ kind: IdentitiesEventKind, about account: AccountID, _ payload: some CanonicalCodable
    ) {
        emit(
            Event(
                module: .identities, kind: kind.rawValue, subject: account.raw,
                payload: payload.canonicalBytes))
    }
}
