// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension StateReader {
    /// A value of the market. Only the market writes under its number, so it can be read.
    func market<Value: CanonicalCodable>(_ type: Value.Type, at key: [UInt8]) -> Value? {
        guard let bytes = value(.market, key) else { return nil }
        guard let value = try? Value(canonicalBytes: bytes) else {
            preconditionFailure("the market's state holds what the market cannot have written")
        }
        return value
    }

    /// The figures of the law.
    var marketParameters: MarketParameters {
        market(MarketParameters.self, at: MarketKeys.parameters) ?? .standard
    }
}

/// Live orders and their indexes, written so that they never disagree.
struct OrderBook {
    let context: ExecutionContext

    /// A live order.
    func order(_ job: JobID) -> Order? {
        context.market(Order.self, at: MarketKeys.order(job))
    }

    /// Whether an order with this id has ended.
    func hasEnded(_ job: JobID) -> Bool {
        context.value(.market, MarketKeys.receipt(job)) != nil
    }

    /// Writes a live order and moves it in the indexes.
    func save(_ changed: Order) {
        var order = changed
        if order.indexedDue != order.due {
            removeDue(order)
            context.set(.market, MarketKeys.due(order.due, order.job), [])
            order.indexedDue = order.due
        }
        if order.isIndexedWanting != order.wantsBids {
            context.set(.market, wantingKey(order), order.wantsBids ? [] : nil)
            order.isIndexedWanting = order.wantsBids
        }
        context.set(.market, MarketKeys.order(order.job), order.canonicalBytes)
    }

    /// Enters a new order among its client's.
    func enter(_ order: Order) {
        let key = MarketKeys.client(order.client, order.opened.height, order.job)
        context.set(.market, key, [])
        save(order)
    }

    /// Replaces an order by its receipt and frees every slot reserved for it.
    func end(_ order: Order, with receipt: Receipt) {
        removeDue(order)
        if order.isIndexedWanting { context.set(.market, wantingKey(order), nil) }
        for bid in order.bids { free(bid.provider, from: order.job) }
        for lease in order.leases { free(lease.provider, from: order.job) }
        context.set(.market, MarketKeys.touched(order.job), nil)
        context.set(.market, MarketKeys.order(order.job), nil)
        context.set(.market, MarketKeys.receipt(order.job), receipt.canonicalBytes)
    }

    private func removeDue(_ order: Order) {
        guard let due = order.indexedDue else { return }
        context.set(.market, MarketKeys.due(due, order.job), nil)
    }

    private func wantingKey(_ order: Order) -> [UInt8] {
        MarketKeys.wanting(order.opened.height, order.job)
    }
}

// MARK: - Reserved slots

extension OrderBook {
    /// How many slots a provider has reserved.
    func reserved(by provider: AccountID) -> UInt32 {
        context.market(Count.self, at: MarketKeys.reservationCount(provider))?.value ?? 0
    }

    /// Reserves a slot of a provider for a job.
    func reserve(_ provider: AccountID, for job: JobID) {
        context.set(.market, MarketKeys.reservation(provider, job), [])
        setReserved(by: provider, to: reserved(by: provider) + 1)
    }

    /// Frees the slot a provider reserved for a job.
    func free(_ provider: AccountID, from job: JobID) {
        context.set(.market, MarketKeys.reservation(provider, job), nil)
        setReserved(by: provider, to: reserved(by: provider) - 1)
    }

    private func setReserved(by provider: AccountID, to count: UInt32) {
        let bytes = count == 0 ? nil : Count(value: count).canonicalBytes
        context.set(.market, MarketKeys.reservationCount(provider), bytes)
    }
}

/// A number of slots.
struct Count: CanonicalCodable {
    let value: UInt32

    init(value: UInt32) { self.value = value }

    func encode(to encoder: inout CanonicalEncoder) { encoder.write(value) }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        value = try decoder.read()
    }
}

// MARK: - Work for the end of the block

extension OrderBook {
    /// Notes that an order may be matched at the end of this block.
    func touch(_ job: JobID) {
        context.set(.market, MarketKeys.touched(job), [])
    }

    /// Takes up to `limit` noted orders off the list.
    func takeTouched(limit: UInt32) -> [JobID] {
        let pairs = context.scan(
            .market, prefix: MarketKeys.touched, after: nil, limit: Int(limit))
        for pair in pairs { context.set(.market, pair.key, nil) }
        return pairs.map { MarketKeys.job(endOf: $0.key) }
    }

    /// Up to `limit` orders whose next moment lies before `time`, the earliest first.
    func due(before time: Timestamp, limit: UInt32) -> [JobID] {
        context.scan(.market, prefix: MarketKeys.due, after: nil, limit: Int(limit))
            .prefix { MarketKeys.time(ofDue: $0.key) < time }
            .map { MarketKeys.job(endOf: $0.key) }
    }
}
