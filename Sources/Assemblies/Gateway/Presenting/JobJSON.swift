// SPDX-License-Identifier: Apache-2.0
import JSONText
import Market
import Vocabulary

extension JSON {
    /// A job, live or ended.
    init(_ record: JobRecord) {
        switch record {
        case .live(let order): self = JSON(live: order)
        case .ended(let receipt): self = JSON(ended: receipt)
        }
    }

    /// A job whose order has not ended.
    init(live order: Order) {
        let terms = order.terms
        self = JSON(members: [
            ("job", JSON(order.job)), ("client", JSON(order.client)),
            ("state", .string(order.phase.stateName)), ("disputed", .bool(order.isDisputed)),
        ])
        .adding(Self.terms(terms))
        .adding([
            ("openedAt", JSON(order.opened.time)), ("openedHeight", JSON(order.opened.height)),
            ("bids", .array(order.bids.map { JSON($0) })),
            ("leases", .array(order.leases.map { JSON($0) })),
        ])
    }

    /// What a client asked for.
    static func terms(_ terms: OrderTerms) -> [(name: String, value: JSON?)] {
        [
            ("moduleDigest", JSON(terms.moduleDigest)), ("inputDigest", JSON(terms.inputDigest)),
            ("arguments", .array(terms.arguments.map { .string($0) })),
            ("argumentsDigest", JSON(terms.argumentsDigest)),
            ("limits", JSON(terms.limits)), ("replicas", JSON(terms.replicas)),
            ("asset", JSON(terms.asset)), ("maxCost", JSON(terms.maxCost)),
            ("deadline", JSON(terms.deadline)),
        ]
    }

    /// The limits of one execution.
    init(_ limits: JobLimits) {
        self = [
            "fuelMax": JSON(limits.fuelMax), "memoryBytesMax": JSON(limits.memoryBytesMax),
            "outputBytesMax": JSON(limits.outputBytesMax),
            "wallMilliseconds": JSON(limits.wallMilliseconds),
        ]
    }

    /// A bid.
    init(_ bid: Bid) {
        self = JSON(members: [("provider", JSON(bid.provider))] + Self.price(bid.price))
    }

    /// A lease.
    init(_ lease: Lease) {
        let state =
            switch lease.progress {
            case .running: "running"
            case .committed: "committed"
            case .revealed: "revealed"
            }
        self = JSON(members: [("provider", JSON(lease.provider)), ("state", .string(state))])
            .adding([("dueBy", JSON(lease.dueBy)), ("assignedAt", JSON(lease.assignedAt))])
            .adding(Self.price(lease.price))
    }

    /// The two parts of a price.
    static func price(_ price: Price) -> [(name: String, value: JSON?)] {
        [("basePrice", JSON(price.base)), ("pricePerMillionFuel", JSON(price.perMillionFuel))]
    }
}

extension OrderPhase {
    /// `open`, `running` or `revealing`.
    var stateName: String {
        switch self {
        case .open: "open"
        case .running: "running"
        case .revealing: "revealing"
        }
    }
}
