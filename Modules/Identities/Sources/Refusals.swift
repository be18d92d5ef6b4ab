// SPDX-License-Identifier: Apache-2.0
import Identity
import Ledger

/// Why this module says no; raw values are stable codes.
public enum IdentitiesRefusal: UInt16, CaseIterable, Sendable {
    /// The payload is not a message.
    case malformedMessage = 1
    /// The identity has begun with another entry.
    case identityExists = 2
    /// No log of the identity has begun.
    case unknownIdentity = 3
    /// An operation is meant for another chain.
    case operationOfOtherChain = 4
    /// An operation's subject is not the hash of its first key.
    case wrongSubject = 5
    /// An operation does not name the next place in its log.
    case wrongSequence = 6
    /// An operation names another entry before it.
    case wrongPrevious = 7
    /// A log begins with something else, or is begun twice.
    case misplacedCreate = 8
    /// The key is not the one that was committed to.
    case wrongRecoveryKey = 9
    /// The log has ended.
    case deactivated = 10
    /// More than a message, a log or an operation may hold.
    case tooMany = 11
    /// A signature is not that of the key that may ask.
    case badSignature = 12
    /// One operation is too long for an event.
    case operationTooLarge = 13
    /// The sender does not speak for the identity.
    case notController = 14
    /// The identity attests already.
    case alreadyIssuer = 15
    /// The identity does not attest.
    case unknownIssuer = 16
    /// A type is not one that needs authority on this chain, or is named twice.
    case badTypes = 17
    /// An address is empty, too long or not visible ASCII.
    case badAddress = 18
    /// The bond is below what the types ask.
    case bondTooSmall = 19
    /// The issuer has retired, or has not.
    case wrongStatus = 20
    /// The time for this has not come.
    case tooEarly = 21
    /// The issuer has as many lists, or changed its types as often, as it may.
    case listFull = 22
    /// The report does not show what it claims.
    case notEvidence = 23
    /// The issuer had the authority.
    case withinAuthority = 24
    /// This credential has been reported.
    case alreadyReported = 25
    /// Who vouches, for whom or for how long makes no sense.
    case badPerson = 26

    /// The stable name people and programs see.
    public var name: String { "\(self)" }
}

extension Refusal {
    static func identities(_ reason: IdentitiesRefusal, _ detail: String) -> Refusal {
        Refusal(module: .identities, code: reason.rawValue, name: reason.name, detail: detail)
    }

    /// Why an operation does not continue its log.
    static func operation(_ number: Int, _ refusal: OperationRefusal) -> Refusal {
        let reason: IdentitiesRefusal =
            switch refusal {
            case .wrongChain: .operationOfOtherChain
            case .wrongSubject: .wrongSubject
            case .wrongSequence: .wrongSequence
            case .wrongPrevious: .wrongPrevious
            case .misplacedCreate: .misplacedCreate
            case .wrongRecoveryKey: .wrongRecoveryKey
            case .deactivated: .deactivated
            case .tooMany: .tooMany
            case .badSignature: .badSignature
            }
        return .identities(reason, "operation \(number): \(refusal)")
    }
}
