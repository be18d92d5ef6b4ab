// SPDX-License-Identifier: Apache-2.0
public import Ledger
import Vocabulary

extension MarketModule {
    /// Checks the orders this block changed. Cost: about ten reads for each of them.
    public func breaches(after block: ExecutionContext) -> [String] {
        var audit = MarketAudit(state: block, bank: bank)
        for change in block.changes(of: .market) where audit.hasRoom {
            guard let first = change.key.first, change.after != nil else { continue }
            if [first] == MarketKeys.orders {
                audit.checkOrder(MarketKeys.job(endOf: change.key))
            } else if [first] == MarketKeys.receipts {
                // The block checked these signatures when the results were shown.
                audit.checkReceipt(MarketKeys.job(endOf: change.key), flaws: Receipt.flawsOfFigures)
            }
        }
        return audit.breaches
    }

    /// Checks every order, receipt and index (MARKET-19). Cost: a walk through the market's state.
    public func breaches(in state: any StateReader) -> [String] {
        var audit = MarketAudit(state: state, bank: bank)
        audit.checkEverything()
        return audit.breaches
    }
}

/// Looks for what the market's law forbids.
private struct MarketAudit {
    private let state: any StateReader
    private let bank: any EscrowBank
    private(set) var breaches: [String] = []

    /// The most breaches one audit reports: whoever reads them needs the first ones.
    private static let breachesMax = 100

    init(state: any StateReader, bank: any EscrowBank) {
        self.state = state
        self.bank = bank
    }

    var hasRoom: Bool { breaches.count < Self.breachesMax }

    private mutating func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) {
        if !holds, hasRoom { breaches.append("market: " + sentence()) }
    }

    mutating func checkEverything() {
        var orders = 0
        var wanting = 0
        var reserved = 0
        walk(MarketKeys.orders) { audit, key, _ in
            let job = MarketKeys.job(endOf: key)
            guard let order = audit.state.market(Order.self, at: key) else { return }
            audit.checkOrder(job)
            orders += 1
            wanting += order.wantsBids ? 1 : 0
            reserved += order.bids.count + order.leases.count
        }
        walk(MarketKeys.receipts) { audit, key, _ in
            audit.checkReceipt(MarketKeys.job(endOf: key), flaws: Receipt.flaws)
        }
        let due = count(MarketKeys.due)
        expect(due == orders, "\(due) due entries for \(orders) live orders")
        let wants = count(MarketKeys.wanting)
        expect(wants == wanting, "\(wants) wanting entries for \(wanting) orders that want bids")
        let reservations = count(MarketKeys.reservations)
        expect(
            reservations == reserved,
            "\(reservations) reservations for \(reserved) bids and leases")
        checkReservationCounts()
    }

    mutating func checkOrder(_ job: JobID) {
        guard let order = state.market(Order.self, at: MarketKeys.order(job)) else { return }
        let held = bank.balance(of: job.raw, in: state)
        expect(
            held == order.terms.maxCost,
            "the bank holds \(held) for live job \(job), not \(order.terms.maxCost)")
        checkBonds(of: job)
        expect(
            state.value(.market, MarketKeys.receipt(job)) == nil,
            "job \(job) is both live and ended")
        expect(
            state.value(.market, MarketKeys.due(order.due, job)) != nil,
            "job \(job) is due at \(order.due) but not in the index")
        checkShape(of: order)
        for provider in order.bids.map(\.provider) + order.leases.map(\.provider) {
            expect(
                state.value(.market, MarketKeys.reservation(provider, job)) != nil,
                "\(provider) takes part in job \(job) without a reserved slot")
        }
    }

    private mutating func checkShape(of order: Order) {
        let providers =
            (order.bids.map(\.provider) + order.leases.map(\.provider) + order.failed).sorted()
        expect(
            zip(providers, providers.dropFirst()).allSatisfy { $0 != $1 },
            "a provider takes part twice in job \(order.job)")
        expect(
            order.leases.count <= Int(order.executionsWanted),
            "job \(order.job) has more leases than it wants")
        switch order.phase {
        case .open:
            expect(order.leases.isEmpty, "job \(order.job) is open and has leases")
        case .running:
            expect(!order.isFullyCommitted, "job \(order.job) is committed and does not reveal")
        case .revealing:
            expect(order.isFullyCommitted, "job \(order.job) reveals before all are committed")
        }
    }

    mutating func checkReceipt(_ job: JobID, flaws: (Receipt) -> () -> [String]) {
        guard let receipt = state.market(Receipt.self, at: MarketKeys.receipt(job)) else { return }
        let held = bank.balance(of: job.raw, in: state)
        expect(held == .zero, "the bank still holds \(held) for ended job \(job)")
        checkBonds(of: job)
        expect(
            state.value(.market, MarketKeys.order(job)) == nil,
            "job \(job) is both ended and live")
        for flaw in flaws(receipt)() { expect(false, "the receipt of \(job): \(flaw)") }
    }

    private mutating func checkBonds(of job: JobID) {
        let held = bank.balance(of: MarketDesk.bondEscrow(of: job), in: state)
        expect(held == .zero, "\(held) of slashed bonds of job \(job) were not divided")
    }

    private mutating func checkReservationCounts() {
        walk(MarketKeys.reservationCounts) { audit, key, _ in
            guard let raw = Bytes32(key.suffix(Bytes32.count)),
                let stated = audit.state.market(Count.self, at: key)?.value
            else { return }
            let held = audit.count(MarketKeys.reservations(of: AccountID(raw)))
            audit.expect(
                stated == held && stated > 0,
                "\(AccountID(raw)) has \(stated) slots counted and \(held) reserved")
        }
        walk(MarketKeys.reservations) { audit, key, _ in
            guard let raw = Bytes32(key.dropFirst().prefix(Bytes32.count)) else { return }
            let stated = audit.state.value(.market, MarketKeys.reservationCount(AccountID(raw)))
            audit.expect(stated != nil, "\(AccountID(raw)) has reservations without a count")
        }
    }

    private func count(_ prefix: [UInt8]) -> Int {
        var copy = self
        var count = 0
        copy.walk(prefix) { _, _, _ in count += 1 }
        return count
    }

    private mutating func walk(
        _ prefix: [UInt8], _ body: (inout MarketAudit, [UInt8], [UInt8]) -> Void
    ) {
        for pair in state.pairs(of: .market, prefix: prefix) { body(&self, pair.key, pair.value) }
    }
}
