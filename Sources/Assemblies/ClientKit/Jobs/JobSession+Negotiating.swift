// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Market
import ServiceDiscovery
import Vocabulary

extension JobSession {
    /// How long bids are awaited.
    static let biddingMilliseconds: UInt64 = 3_000
    /// How long after that awards may be given.
    static let awardingMilliseconds: UInt64 = 15_000
    /// How long answers to counter-bids are awaited.
    static let answeringMilliseconds: UInt64 = 3_000
    /// How often the gateway is asked for news.
    static let newsMilliseconds: UInt64 = 250

    /// Negotiates with providers before anything is ordered (DISCOVERY-30).
    ///
    /// What they bid is checked here: signatures, prices and times, by the same law that every
    /// node follows; the gateway only carries it.
    ///
    /// - Returns: The terms with the task's name as salt and the price of the awards.
    /// - Throws: ``ClientFailure``; nothing is ordered then.
    func negotiated(
        _ terms: OrderTerms, budget: Amount, counter: Amount?, tell: Listener
    ) async throws(ClientFailure) -> OrderTerms {
        let manifest = try manifest(of: terms, budget: budget)
        let opening = SignedTaskMessage(.manifest(manifest), signedBy: sender.builder.key)
        try await client.say(opening)
        tell(.negotiating(manifest.task, bids: 0))
        var table: TaskNegotiation
        do throws(NegotiationRefusal) {
            table = try TaskNegotiation(
                try opening.checked(), on: genesis.chain, at: manifest.opened)
        } catch {
            throw .invalid("a task of this sort cannot be negotiated: \(error.name)")
        }
        try await gather(&table, until: table.manifest.bidsBy, tell: tell) { _ in false }
        if let counter { try await haggle(at: counter, in: &table, tell: tell) }
        let best = table.ranked(at: wallClock).prefix(Int(manifest.places))
        guard best.count == Int(manifest.places) else {
            throw .timedOut(
                "\(best.count) of \(manifest.places) providers bid within the budget in "
                    + "\(Self.biddingMilliseconds) ms; nothing was ordered")
        }
        var dearest = Amount.zero
        for bidder in best {
            let price = try await award(bidder, in: &table, orderBy: terms.deadline)
            dearest = max(dearest, price)
            tell(.awarded(AccountID(of: bidder.key), price: price))
        }
        guard let total = dearest.multiplied(by: UInt64(manifest.places)) else {
            throw .invalid("the price of the awards is above all amounts")
        }
        return terms.with(maxCost: total, salt: manifest.task.raw)
    }

    private var wallClock: Timestamp { client.effects.time.wallClock() }

    private func manifest(
        of terms: OrderTerms, budget: Amount
    ) throws(ClientFailure) -> TaskManifest {
        guard let kind = Capability("wasm/1") else { throw .invalid("no such capability") }
        let (now, chance) = (wallClock, client.effects.chance)
        let bidsBy = now.advanced(by: Self.biddingMilliseconds)
        let manifest = TaskManifest(
            chain: genesis.chain, client: sender.builder.key.publicKey, kind: kind,
            specification: terms.with(maxCost: .zero, salt: .zero).canonicalBytes,
            requirements: TaskRequirements(
                capabilities: [kind], deadline: terms.deadline, budgetMax: budget,
                asset: terms.asset),
            deliverables: ["output"], units: terms.limits.fuelMax.value, places: terms.replicas,
            opened: now, bidsBy: bidsBy,
            awardBy: bidsBy.advanced(by: Self.awardingMilliseconds),
            salt: Bytes32 { $0.copyBytes(from: chance.bytes(Bytes32.count)) })
        if let flaw = manifest.flaw(at: now) {
            throw .invalid(
                "this job cannot be negotiated (\(flaw.name)): give it a longer --timeout or a "
                    + "higher --max-cost")
        }
        return manifest
    }

    /// Hears bids, and what bidders say to counter-bids, until a time or until that is all.
    private func gather(
        _ table: inout TaskNegotiation, until end: Timestamp, tell: Listener,
        isAll: (TaskNegotiation) -> Bool
    ) async throws(ClientFailure) {
        var told = table.bidders.count
        while wallClock <= end, !isAll(table) {
            await time.sleep(milliseconds: Self.newsMilliseconds)
            for signed in try await client.task(table.task).bids {
                // What the gateway made up, or comes too late, is passed over.
                guard let checked = try? signed.checked() else { continue }
                _ = try? table.receive(checked, at: wallClock)
            }
            guard table.bidders.count > told else { continue }
            told = table.bidders.count
            tell(.negotiating(table.task, bids: told))
        }
    }

    /// Asks everybody whose bid is above a price for that price, once; who does not answer, or says
    /// no, keeps the bid it has made (DISCOVERY-26).
    private func haggle(
        at price: Amount, in table: inout TaskNegotiation, tell: Listener
    ) async throws(ClientFailure) {
        let end = min(
            wallClock.advanced(by: Self.answeringMilliseconds), table.manifest.awardBy)
        var asked = 0
        for bidder in table.ranked(at: wallClock) {
            guard let counter = table.counter(to: bidder, at: price, validUntil: end) else {
                continue
            }
            let signed = SignedTaskMessage(.counterBid(counter), signedBy: sender.builder.key)
            do throws(NegotiationRefusal) {
                _ = try table.receive(try signed.checked(), at: wallClock)
            } catch {
                throw .invalid("the counter-bid is refused: \(error.name)")
            }
            try await client.say(signed)
            asked += 1
        }
        guard asked > 0 else { return }
        tell(.countered(price, bids: asked))
        try await gather(&table, until: end, tell: tell) { table in
            table.bidders.values.allSatisfy { bidder in
                if case .countered = bidder.standing { return false }
                return true
            }
        }
    }

    private func award(
        _ bidder: TaskBidder, in table: inout TaskNegotiation, orderBy: Timestamp
    ) async throws(ClientFailure) -> Amount {
        guard let award = table.award(to: bidder, orderBy: orderBy),
            let price = award.tariff.bill(for: table.manifest.units)
        else { throw .invalid("no place of the task is free") }
        let signed = SignedTaskMessage(.award(award), signedBy: sender.builder.key)
        do throws(NegotiationRefusal) {
            _ = try table.receive(try signed.checked(), at: wallClock)
        } catch {
            throw .invalid("the award is refused: \(error.name)")
        }
        try await client.say(signed)
        return price
    }
}

extension OrderTerms {
    /// The same work at another price, under another name.
    func with(maxCost: Amount, salt: Bytes32) -> OrderTerms {
        OrderTerms(
            kind: kind, moduleDigest: moduleDigest, inputDigest: inputDigest,
            arguments: arguments, limits: limits, replicas: replicas, asset: asset,
            maxCost: maxCost, deadline: deadline, salt: salt)
    }
}
