// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Effects
import Vocabulary

/// Says on standard error, a line a step, how far a job is and how long that took.
struct ProgressLines: Sendable {
    let isQuiet: Bool
    private let time: any TimeSource
    private let begin: Instant

    init(isQuiet: Bool, time: any TimeSource) {
        self.isQuiet = isQuiet
        self.time = time
        begin = time.now()
    }

    /// Tells one step.
    func tell(_ step: JobProgress) {
        if case .opened(let job, _, _) = step {
            Interruption.leave(
                "job \(job) goes on; atoll logs -f waits for it, atoll cancel takes it back")
        }
        guard !isQuiet else { return }
        let milliseconds = "\(time.now().milliseconds(since: begin))"
        let space = String(repeating: " ", count: max(0, 7 - milliseconds.count))
        Terminal.say("\(space)\(milliseconds) ms  \(Self.words(of: step))")
    }

    /// The words of a step.
    static func words(of step: JobProgress) -> String {
        switch step {
        case .waiting(let reason): "waiting for the chain: \(reason)"
        case .uploaded(let blobs, let bytes):
            "uploaded \(QuantityText.grouped(bytes)) bytes in \(blobs) blobs"
        case .negotiating(let task, let bids):
            bids == 0
                ? "task \(QuantityText.short(task)) told to all providers"
                : "\(bids) \(bids == 1 ? "provider has" : "providers have") bid"
        case .countered(let price, let bids):
            "\(bids) \(bids == 1 ? "bidder is" : "bidders are") asked for \(price)"
        case .awarded(let provider, let price):
            "awarded to \(QuantityText.short(provider)) for at most \(price)"
        case .ordering(let maxCost): "ordering, with at most \(maxCost) in escrow"
        case .opened(let job, let height, let finality):
            "job \(QuantityText.short(job)) final in block \(height) after \(finality) ms"
        case .bid(let provider): "bid by \(QuantityText.short(provider))"
        case .leased(let providers):
            "running at " + providers.map(QuantityText.short).joined(separator: ", ")
        case .committed(let provider): "result committed by \(QuantityText.short(provider))"
        case .revealed(let provider): "result shown by \(QuantityText.short(provider))"
        case .leaseEnded(let provider, let reason):
            "\(QuantityText.short(provider)) lost its lease: \(reason)"
        case .disputed: "results differ; another provider decides"
        case .slashed(let provider, let amount):
            "\(QuantityText.short(provider)) lost \(amount) of its bond"
        case .ended(let ending, let cost): "\(ending), cost \(cost)"
        }
    }
}
