// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Why a call to the cloud gave no result.
public enum ClientFailure: Error, Hashable, Sendable {
    /// Nobody answered at the address; the words say why.
    case unreachable(address: String, reason: String)
    /// The gateway said no.
    case problem(ProblemReport)
    /// What came is not what the interface promises (specs/gateway.md); the words name the place.
    case badAnswer(String)
    /// It did not end in the time allowed; the words say what was waited for and what was kept.
    case timedOut(String)
    /// The gateway follows another chain than the genesis the client trusts.
    case wrongChain(trusted: ChainID, gateway: ChainID)
    /// Validators of this epoch, who are trusted, signed two different sets for the next: the
    /// chain has two histories.
    case twoHistories(Epoch)
    /// The request breaks a limit before anything is sent; the words name it.
    case invalid(String)
    /// A file of the request could not be read; nothing of it was ordered.
    case unreadable(String)
    /// The transaction is final and the ledger refused it; only its fee was paid.
    case refused(RefusalReport)

    /// The stable name the gateway or the ledger gave, for programs.
    public var name: String? {
        switch self {
        case .problem(let report): report.name
        case .refused(let refusal): refusal.name
        case .unreachable, .badAnswer, .timedOut, .wrongChain, .twoHistories, .invalid, .unreadable:
            nil
        }
    }
}

extension ClientFailure: CustomStringConvertible {
    /// One sentence for people.
    public var description: String {
        switch self {
        case .unreachable(let address, let reason): "\(address) cannot be reached: \(reason)"
        case .problem(let report): report.description
        case .badAnswer(let reason): "the gateway's answer is wrong: \(reason)"
        case .timedOut(let what): what
        case .wrongChain(let trusted, let gateway):
            "the gateway follows chain \(gateway), the trusted genesis begins chain \(trusted)"
        case .twoHistories(let epoch):
            "validators of epoch \(epoch) signed two different sets for the next: trust no gateway "
                + "before you know which history is the chain's"
        case .invalid(let reason): reason
        case .unreadable(let reason): reason
        case .refused(let refusal): refusal.description
        }
    }
}

/// A refusal that a final block holds.
public struct RefusalReport: Hashable, Sendable, CustomStringConvertible {
    /// Whose law refused, such as `market`.
    public let module: String
    /// The stable number within the module.
    public let code: UInt64
    /// The stable name.
    public let name: String
    /// What was wrong this time.
    public let detail: String
    /// The fee that was paid all the same.
    public let fee: Amount

    /// Joins the fields.
    public init(module: String, code: UInt64, name: String, detail: String, fee: Amount) {
        self.module = module
        self.code = code
        self.name = name
        self.detail = detail
        self.fee = fee
    }

    /// One sentence for people.
    public var description: String { "the \(module) refuses (\(name)): \(detail)" }
}
