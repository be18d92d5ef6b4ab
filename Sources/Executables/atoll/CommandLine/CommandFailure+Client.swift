// SPDX-License-Identifier: Apache-2.0
import ClientKit

extension CommandFailure {
    /// A failure of a call in words, with what was kept and what helps.
    init(_ failure: ClientFailure) {
        self.init(status: Self.status(of: failure), what: failure.description)
        name = failure.name
        switch failure {
        case .unreachable: next = "atoll up, or name another gateway with --gateway"
        case .problem(let report): next = Self.next(after: report.name)
        case .badAnswer: next = "ask another gateway with --gateway"
        case .timedOut: next = "atoll status says whether the chain moves"
        case .wrongChain:
            kept = "nothing was signed or sent"
            next = "name that chain's genesis with --genesis, or another gateway with --gateway"
        case .twoHistories:
            kept = "nothing was believed"
            next = "ask people you trust which history is the chain's, and keep both proofs"
        case .invalid, .unreadable: kept = "nothing was sent"
        case .refused(let refusal):
            kept = "the fee of \(refusal.fee) was paid; nothing else changed"
            next = Self.next(after: refusal.name)
        }
    }

    private static func status(of failure: ClientFailure) -> ExitStatus {
        switch failure {
        case .unreachable: .unreachable
        case .timedOut: .timedOut
        case .problem(let report) where report.status == 504: .timedOut
        case .invalid: .misused
        case .problem, .badAnswer, .wrongChain, .twoHistories, .unreadable, .refused: .refused
        }
    }

    /// What helps against the refusals people meet.
    private static func next(after name: String?) -> String? {
        switch name {
        case "feeNotCovered", "insufficientBalance": "atoll balance"
        case "tooFewProviders": "wait for providers, or ask for fewer with --replicas"
        case "jobNotFinished": "atoll logs -f JOB waits for the end"
        case "unknownJob": "atoll jobs"
        case "unknownMember": "atoll validator list"
        case "unknownProposal": "atoll proposal list"
        case "notCertified", "notReady": "atoll status says whether a quorum is in reach"
        case "unknownPeer": "atoll peers list"
        case "unknownTask": "atoll tasks list"
        case "notOwner": "name the gateway's own owner.token with --token-file"
        case "poolFull": "try again in a second"
        default: nil
        }
    }
}

/// Makes calls whose failures are the command's.
func calling<Value>(
    _ body: () async throws(ClientFailure) -> Value
) async throws(CommandFailure) -> Value {
    do {
        return try await body()
    } catch {
        throw CommandFailure(error)
    }
}
