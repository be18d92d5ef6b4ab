// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Market
import NodeInterface
import ServiceDiscovery
import Vocabulary

extension ProviderService {
    /// How often it is seen whether something new is to be announced, in milliseconds.
    static let announceMilliseconds: UInt64 = 1_200
    /// How long an announcement holds.
    static let announcementLifeMilliseconds: UInt64 = 600_000
    /// How long a provider that goes waits for its last word to be sent.
    static let goodbyeMilliseconds: UInt64 = 250
    /// How long one wait for news of negotiations lasts.
    static let newsMilliseconds: UInt64 = 2_000

    private var wallClock: Timestamp { effects.time.wallClock() }

    private var offers: [ServiceOffer] {
        let tariff = Tariff(
            base: configuration.basePrice, perMillionUnits: configuration.pricePerMillionFuel)
        return [Capability(ProviderConfiguration.capability)].compactMap(\.self)
            .map { ServiceOffer($0, tariff) }
    }

    private func reputation(at height: BlockHeight) -> ReputationReference {
        ReputationReference(account: account, height: height)
    }

    // MARK: Announcing

    /// Tells what this provider offers, again when something changes or half its time is over
    /// (DISCOVERY-14).
    func announce(at services: any ServiceAccess) async {
        while !isStopping, !Task.isCancelled {
            let view = await view()
            if view.provider != nil { await announce(view, at: services) }
            await effects.time.sleep(milliseconds: Self.announceMilliseconds)
        }
    }

    private func announce(_ view: ProviderView, at services: any ServiceAccess) async {
        guard let region = Region(configuration.region) else { return }
        let now = wallClock
        let taken = view.reserved.count + bidding.count
        let free = UInt32(max(0, Int(configuration.slots) - taken))
        let isActive = view.provider?.isActive == true
        let next = ServiceAnnouncement(
            chain: node.chain, id: ServiceID(signer: configuration.key.publicKey, instance: 0),
            // A calendar: larger in each life of this provider than in the one before.
            sequence: now.value, issued: now,
            lifeMilliseconds: Self.announcementLifeMilliseconds,
            status: isActive ? (free > 0 ? .available : .busy) : .paused, region: region,
            offers: offers, slots: configuration.slots, freeSlots: free,
            reputation: reputation(at: view.head.height), addresses: await services.addresses)
        guard isWorthTelling(next, at: now) else { return }
        await tell(next, at: services)
    }

    private func isWorthTelling(_ next: ServiceAnnouncement, at now: Timestamp) -> Bool {
        guard let last = negotiator.announced else { return true }
        return last.status != next.status || last.freeSlots != next.freeSlots
            || last.offers != next.offers || last.addresses != next.addresses
            || now >= last.issued.advanced(by: Self.announcementLifeMilliseconds / 2)
    }

    private func tell(
        _ announcement: ServiceAnnouncement, at services: any ServiceAccess
    ) async {
        let signed = SignedAnnouncement(announcement, signedBy: configuration.key)
        do {
            try await services.announce(signed)
            negotiator.announced = announcement
        } catch {
            configuration.log("the announcement is not told: \(error.name)")
        }
    }

    /// Tells everybody that this provider goes.
    func sayLeaving() async {
        guard let services = node.services, var last = negotiator.announced else { return }
        last.status = .leaving
        last.sequence = max(last.sequence + 1, wallClock.value)
        last.issued = wallClock
        last.expires = last.issued.advanced(by: Self.announcementLifeMilliseconds)
        await tell(last, at: services)
        // What is told waits for its peers in queues, which end with the node.
        await effects.time.sleep(milliseconds: Self.goodbyeMilliseconds)
    }

    // MARK: Negotiating

    /// Bids on tasks, answers counter-bids, and keeps slots for what it is awarded (DISCOVERY-25,
    /// DISCOVERY-31).
    func negotiate(at services: any ServiceAccess) async {
        var version: UInt64 = 0
        while !isStopping, !Task.isCancelled {
            version = await services.changes(after: version, waiting: Self.newsMilliseconds)
            negotiator.expire(at: wallClock)
            for negotiation in await services.openTasks() {
                await consider(negotiation, at: services)
            }
            for task in negotiator.bids.keys.sorted() {
                guard let negotiation = await services.negotiation(task) else {
                    negotiator.bids[task] = nil
                    continue
                }
                await follow(negotiation, at: services)
            }
        }
    }

    private func consider(
        _ negotiation: TaskNegotiation, at services: any ServiceAccess
    ) async {
        guard negotiator.bids[negotiation.task] == nil,
            negotiator.bids.count < Negotiator.tasksMax
        else { return }
        let view = await view()
        guard view.provider?.isActive == true,
            negotiation.manifest.client != configuration.key.publicKey,
            let region = Region(configuration.region)
        else { return }
        let taken = view.reserved.count + bidding.count + negotiator.promised
        let policy = BidderPolicy(
            offers: offers, region: region,
            freeSlots: UInt32(max(0, Int(configuration.slots) - taken)),
            reputation: reputation(at: view.head.height))
        // A task that is passed by may be worth more in a moment: its ceiling can rise.
        guard let bid = try? policy.bid(on: negotiation.manifest, at: wallClock) else { return }
        await say(.bid(bid), at: services) { $0.negotiator.bids[bid.task] = bid }
    }

    private func follow(
        _ negotiation: TaskNegotiation, at services: any ServiceAccess
    ) async {
        let (task, manifest) = (negotiation.task, negotiation.manifest)
        let own = negotiation.bidders[configuration.key.publicKey]
        switch own?.standing {
        case .countered(let counter): await answer(counter, of: manifest, at: services)
        case .awarded(let place):
            guard negotiator.promises[task] == nil, negotiator.promised < Negotiator.tasksMax,
                let award = negotiation.places[place]?.award
            else { return }
            negotiator.promises[task] = Negotiator.Promise(
                client: AccountID(of: manifest.client), tariff: award.tariff,
                until: award.orderBy)
            negotiator.bids[task] = nil
            mustLook = true
            configuration.log("task \(task) awarded, its order is awaited")
        case .standing, .refused, .withdrawn, nil:
            guard negotiation.phase(at: wallClock) != .bidding,
                negotiation.phase(at: wallClock) != .choosing
            else { return }
            negotiator.bids[task] = nil
            guard negotiation.phase(at: wallClock) == .awarded,
                negotiator.foreign.count < Negotiator.tasksMax
            else { return }
            negotiator.foreign[task] = manifest.requirements.deadline
        }
    }

    private func answer(
        _ counter: CounterBid, of manifest: TaskManifest, at services: any ServiceAccess
    ) async {
        guard let last = negotiator.bids[counter.task], last.revision == counter.revision else {
            return
        }
        let view = await view()
        guard let region = Region(configuration.region) else { return }
        var policy = BidderPolicy(
            offers: offers, region: region, freeSlots: 1,
            reputation: reputation(at: view.head.height))
        policy.leastPercent = configuration.leastPercent
        guard let next = try? policy.answer(counter, to: last, of: manifest) else {
            let refusal = TaskRefusal(
                task: counter.task, bidder: configuration.key.publicKey,
                revision: counter.revision, reason: .price)
            return await say(.refusal(refusal), at: services) { _ in }
        }
        await say(.bid(next), at: services) { $0.negotiator.bids[next.task] = next }
    }

    private func say(
        _ message: TaskMessage, at services: any ServiceAccess,
        _ done: (isolated ProviderService) -> Void
    ) async {
        do {
            try await services.say(SignedTaskMessage(message, signedBy: configuration.key))
            done(self)
        } catch {
            configuration.log("task \(message.task): \(error.name)")
        }
    }
}
