// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What happens in this module; raw values are stable kinds. The payload is a ``GovernanceNote``.
public enum GovernanceEventKind: UInt16, CaseIterable, Sendable {
    /// An account's power changed; the weight is its own stake now.
    case powerChanged = 1
    /// A proposal was submitted.
    case proposed = 2
    /// People vote now; the weight is all stake that could.
    case votingBegan = 3
    /// Somebody voted; the weight is what counted, over all electorates.
    case voted = 4
    /// A late quorum made voting longer.
    case extended = 5
    /// A proposal passed and waits for its time lock.
    case passed = 6
    /// A proposal did not pass.
    case rejected = 7
    /// A proposal was vetoed; its deposit is gone.
    case vetoed = 8
    /// A proposal was done.
    case executed = 9
    /// A proposal could not be done.
    case failed = 10
    /// A proposer took a proposal back.
    case withdrawn = 11
    /// What an emergency changed was undone; the number is its.
    case lapsed = 12
    /// What an emergency changed stays; the number is its.
    case ratified = 13
    /// A validator is ready; the number is the version.
    case ready = 14
    /// Another version of the rules holds; the number is the version.
    case upgraded = 15
    /// An upgrade was not ready in time and is dropped; the number is the version.
    case upgradeDropped = 16
    /// A figure changed; the number is the proposal.
    case figureChanged = 17
}

/// The payload of every event of this module.
public struct GovernanceNote: Hashable, Sendable, CanonicalCodable {
    /// Of which proposal or version.
    public let number: UInt64
    /// Whom it concerns.
    public let account: AccountID
    /// How much.
    public let weight: UInt128
    /// Why, or what: at most ``detailBytesMax`` bytes.
    public let detail: String

    /// The most bytes of the words: a refusal's, cut.
    static let detailBytesMax = 512

    init(
        _ number: UInt64, _ account: AccountID, weight: UInt128 = 0, detail: String = ""
    ) {
        self.number = number
        self.account = account
        self.weight = weight
        self.detail =
            detail.utf8.count <= Self.detailBytesMax
            ? detail : String(detail.prefix(Self.detailBytesMax / 4))
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(number)
        encoder.write(account)
        encoder.write(weight)
        encoder.writeText(detail)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        number = try decoder.read()
        account = try decoder.read()
        weight = try decoder.read()
        detail = try decoder.readText(limit: Self.detailBytesMax)
    }
}

extension ExecutionContext {
    /// Tells of something; the subject is the account it concerns.
    func emit(_ kind: GovernanceEventKind, _ note: GovernanceNote) {
        emit(
            Event(
                module: .governance, kind: kind.rawValue, subject: note.account.raw,
                payload: note.canonicalBytes))
    }
}
