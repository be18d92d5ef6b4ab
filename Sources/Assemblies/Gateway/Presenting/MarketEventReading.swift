// SPDX-License-Identifier: Apache-2.0
import JSONText
import Market
import Vocabulary

extension EventReading {
    /// Reads an event of the market.
    init(_ event: MarketEvent, subject job: Bytes32) {
        self.init(name: event.name, job: job)
        members = [("job", JSON(JobID(job)))]
        switch event {
        case .orderOpened(let client, let terms):
            mention(client, as: "client")
            members += JSON.terms(terms)
        case .bidPlaced(let bid):
            mention(bid.provider, as: "provider")
            members += JSON.price(bid.price)
        case .bidDropped(let provider), .resultCommitted(let provider):
            mention(provider, as: "provider")
        case .leasesGranted(let leases):
            accounts += leases.map(\.provider)
            members.append(("leases", .array(leases.map { JSON($0) })))
        case .resultsCommitted(let revealBy, let providers):
            accounts += providers
            members.append(("revealBy", JSON(revealBy)))
            members.append(("providers", .array(providers.map { JSON($0) })))
        case .resultRevealed(let provider, let resultDigest):
            mention(provider, as: "provider")
            members.append(("resultDigest", JSON(resultDigest)))
        case .leaseEnded(let provider, let reason):
            mention(provider, as: "provider")
            members.append(("reason", .string(reason.name)))
        case .bidsWanted(let executions), .disputeOpened(let executions):
            members.append(("executionsWanted", JSON(executions)))
        case .providerSlashed(let provider, let amount, let reason):
            mention(provider, as: "provider")
            members.append(("amount", JSON(amount)))
            members.append(("reason", .string("\(reason)")))
        case .endingPostponed(let until): members.append(("until", JSON(until)))
        case .orderEnded(let ending, let client, let cost, let refund):
            mention(client, as: "client")
            members += [
                ("ending", .string("\(ending)")), ("cost", JSON(cost)), ("refund", JSON(refund)),
            ]
        }
    }

    private mutating func mention(_ account: AccountID, as name: String) {
        accounts.append(account)
        members.append((name, JSON(account)))
    }
}

extension LeaseEndReason {
    /// The stable name of the reason.
    fileprivate var name: String {
        switch self {
        case .gaveUp(let reason): "\(reason)"
        case .commitTimedOut: "commitTimedOut"
        case .revealTimedOut: "revealTimedOut"
        }
    }
}
