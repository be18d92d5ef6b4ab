// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What happens in this module; raw values are stable kinds. The subject is the provider's account.
public enum RegistryEventKind: UInt16, CaseIterable, Sendable {
    /// An account became a provider; the payload is its ``Provider``.
    case providerRegistered = 1
    /// Terms or bond changed; the payload is the ``Provider``.
    case providerUpdated = 2
    /// The status changed; the payload is the ``Provider``.
    case statusChanged = 3
    /// A part of the bond was taken; the payload is a ``BondSlashed``.
    case bondSlashed = 4
}

/// The payload of ``RegistryEventKind/bondSlashed``.
public struct BondSlashed: Hashable, Sendable, CanonicalCodable {
    /// What was taken.
    public let taken: Amount
    /// What is left.
    public let rest: Amount
    /// Why, in the words of the module that asked: 1 to 64 bytes.
    public let reason: String

    /// The most bytes of a reason.
    public static let reasonBytesMax = 64

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(taken)
        encoder.write(rest)
        encoder.writeText(reason)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        taken = try decoder.read()
        rest = try decoder.read()
        reason = try decoder.readText(limit: Self.reasonBytesMax)
    }

    init(taken: Amount, rest: Amount, reason: String) {
        precondition(reason.utf8.count <= Self.reasonBytesMax, "a reason is a few words")
        self.taken = taken
        self.rest = rest
        self.reason = reason
    }
}

extension ExecutionContext {
    func emit(_ kind: RegistryEventKind, _ provider: Provider) {
        emit(kind, about: provider.account, provider.canonicalBytes)
    }

    func emit(_ kind: RegistryEventKind, about account: AccountID, _ payload: [UInt8]) {
        emit(
            Event(
                module: .registry, kind: kind.rawValue, subject: account.raw, payload: payload))
    }
}
