// SPDX-License-Identifier: Apache-2.0
public import ServiceDiscovery
public import Vocabulary

/// A step of a job on its way, told to whoever runs it.
public enum JobProgress: Hashable, Sendable {
    /// The chain cannot finalize now; the job waits for it.
    case waiting(reason: String)
    /// So many bytes of program and input are at the gateway.
    case uploaded(blobs: Int, bytes: UInt64)
    /// Providers are asked for bids; so many have bid.
    case negotiating(TaskID, bids: Int)
    /// So many who have bid more are asked to do it for this.
    case countered(Amount, bids: Int)
    /// A place is given to a provider, for at most so much.
    case awarded(AccountID, price: Amount)
    /// The order is sent: held in escrow at most `maxCost`.
    case ordering(maxCost: Amount)
    /// The order is final.
    case opened(JobID, height: BlockHeight, finalityMilliseconds: UInt64)
    /// A provider offers to run it.
    case bid(AccountID)
    /// These providers run it.
    case leased([AccountID])
    /// A provider is bound to a result it has not shown.
    case committed(AccountID)
    /// A provider showed its result.
    case revealed(AccountID)
    /// A provider lost its lease.
    case leaseEnded(AccountID, reason: String)
    /// Results differ; another provider decides.
    case disputed
    /// A provider lost a part of its bond.
    case slashed(AccountID, Amount)
    /// The order ended; the word is `settled`, `undetermined`, `expired` or `cancelled`.
    case ended(String, cost: Amount)

    /// What an event of the job's stream means; nothing for events that are no step.
    init?(_ event: CloudEvent) throws(ClientFailure) {
        let says = event.reader
        switch event.name {
        case "market.bidPlaced": self = .bid(try says.identifier("provider"))
        case "market.leasesGranted":
            self = .leased(
                try says.values("leases") { one throws(ClientFailure) in
                    try one.identifier("provider")
                })
        case "market.resultCommitted": self = .committed(try says.identifier("provider"))
        case "market.resultRevealed": self = .revealed(try says.identifier("provider"))
        case "market.leaseEnded":
            self = .leaseEnded(
                try says.identifier("provider"), reason: try says.text("reason"))
        case "market.disputeOpened": self = .disputed
        case "market.providerSlashed":
            self = .slashed(try says.identifier("provider"), try says.amount("amount"))
        case "market.orderSettled", "market.orderUndetermined", "market.orderExpired",
            "market.orderCancelled":
            self = .ended(try says.text("ending"), cost: try says.amount("cost"))
        default: return nil
        }
    }
}
