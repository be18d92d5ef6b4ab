// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Market
import ServiceDiscovery
import Vocabulary

/// What a provider has announced, and where its negotiations stand (DISCOVERY-31, PROVIDER-16).
struct Negotiator {
    /// A place of a task that this provider has and whose order is awaited.
    struct Promise {
        let client: AccountID
        let tariff: Tariff
        let until: Timestamp
    }

    /// What was announced last.
    var announced: ServiceAnnouncement?
    /// Own bids that can still be awarded.
    var bids: [TaskID: TaskBid] = [:]
    /// Awards whose orders are awaited.
    var promises: [TaskID: Promise] = [:]
    /// Tasks whose places others have: their orders are not for this provider.
    var foreign: [TaskID: Timestamp] = [:]

    /// The most tasks remembered of each kind, as many as a node follows.
    static let tasksMax = 1_024

    /// How many slots are promised.
    var promised: Int { promises.count }

    /// Whether an order is one that was promised to this provider.
    func isAwarded(_ order: Order) -> Bool {
        promises[TaskID(order.terms.salt)].map { $0.client == order.client } ?? false
    }

    /// What to bid on an order: the award's price, the usual one, or nothing on what is others'.
    func price(for order: Order, or usual: Price) -> Price? {
        let task = TaskID(order.terms.salt)
        if let promise = promises[task], promise.client == order.client {
            return Price(
                base: promise.tariff.base, perMillionFuel: promise.tariff.perMillionUnits)
        }
        // A vacancy or a dispute of others' work is for everybody.
        return foreign[task] != nil && order.phase == .open ? nil : usual
    }

    /// Forgets what is over.
    mutating func expire(at now: Timestamp) {
        promises = promises.filter { $0.value.until >= now }
        foreign = foreign.filter { $0.value >= now }
    }
}
