// SPDX-License-Identifier: Apache-2.0
public import Effects
public import LibP2P
public import ServiceDiscovery
import Synchronization
public import Vocabulary

/// The announcements of a network, as one node hears and tells them: by gossip, by the distributed
/// hash table, and by asking peers once it meets them.
///
/// Source: DISCOVERY-12 to DISCOVERY-14. All methods may be called from any task.
public final class ServiceBulletin: Sendable {
    /// What the ledger says of a signer that claims an account; nothing when they do not belong
    /// together.
    public typealias Ledger = @Sendable (PublicKey, AccountID) async -> ProviderStanding?

    /// How long an unchanged announcement is not passed on again, in milliseconds.
    static let repeatMilliseconds: UInt64 = 10_000
    /// How often standings and round trips are looked at again.
    static let roundMilliseconds: UInt64 = 15_000
    /// The most signers that one look asks the ledger about; the next look goes on behind them.
    static let signersMax = 256
    /// The most contradictions kept to be shown.
    static let contradictionsMax = 64
    /// The most peers that are asked for a machine's announcement in one look into the table.
    static let providersMax = 20

    private static let domain = "atoll/service-announcement/forwarded/1"

    struct State {
        var directory: ServiceDirectory
        var own: [ServiceID: SignedAnnouncement] = [:]
        var forwards = ForwardMemory(pauseMilliseconds: ServiceBulletin.repeatMilliseconds)
        var counters = ServiceCounters()
        var contradictions: [AnnouncementContradiction] = []
        var lookedUpTo: PublicKey?
        var isStopped = false
    }

    let swarm: Swarm
    let gossip: GossipService
    let table: KademliaService?
    let effects: Effects
    let chain: ChainID
    let topics: ServiceTopics
    let ledger: Ledger
    let state: Mutex<State>

    /// Prepares a bulletin; nothing happens before ``start(hearing:)``.
    ///
    /// - Parameters:
    ///   - table: The distributed hash table, when the node takes part in one; its validators must
    ///     know ``ServiceTopics/validator(chain:now:)``.
    ///   - ledger: What this node's ledger says of signers.
    public init(
        _ swarm: Swarm, gossip: GossipService, table: KademliaService?, effects: Effects,
        chain: ChainID, limits: ServiceDirectory.Limits = ServiceDirectory.Limits(),
        ledger: @escaping Ledger
    ) {
        self.swarm = swarm
        self.gossip = gossip
        self.table = table
        self.effects = effects
        self.chain = chain
        self.ledger = ledger
        topics = ServiceTopics(chain: chain)
        state = Mutex(State(directory: ServiceDirectory(limits)))
    }

    var now: Timestamp { effects.time.wallClock() }

    /// Hears announcements of some capabilities from now on, and answers those who ask for them.
    public func start(hearing capabilities: [Capability]) {
        for capability in capabilities {
            gossip.subscribe(
                to: topics.announcements(of: capability),
                validator: { [weak self] message, _ in await self?.judge(message.data) ?? .ignore }
            ) { _ in }
        }
        serveInquiries(about: capabilities)
        effects.tasks.spawn("service rounds") { [weak self, effects] in
            while let self, !Task.isCancelled, !self.state.withLock({ $0.isStopped }) {
                await self.lookRound()
                await effects.time.sleep(milliseconds: Self.roundMilliseconds)
            }
        }
    }

    /// Takes part no longer.
    public func stop() {
        state.withLock { $0.isStopped = true }
        swarm.unserve(topics.inquiries)
    }

    // MARK: Telling

    /// Tells an announcement, of this node or of somebody who speaks through it.
    ///
    /// - Throws: ``ServiceRefusal`` when this node does not believe or keep it.
    public func announce(_ signed: SignedAnnouncement) async throws(ServiceRefusal) {
        let checked: CheckedAnnouncement
        do throws(AnnouncementRefusal) {
            checked = try signed.checked(on: chain, at: now)
        } catch {
            throw .announcement(error)
        }
        if case .failure(let refusal) = await keep(checked) { throw .directory(refusal) }
        let id = signed.announcement.id
        state.withLock { state in
            state.own[id] = signed.announcement.status == .leaving ? nil : signed
        }
        publish(signed)
        await store(signed)
    }

    private func publish(_ signed: SignedAnnouncement) {
        let bytes = signed.canonicalBytes
        for offer in signed.announcement.offers {
            let isSent =
                (try? gossip.publish(bytes, to: topics.announcements(of: offer.capability))) != nil
            state.withLock { state in
                if isSent {
                    state.counters.published += 1
                } else {
                    state.counters.unpublished += 1
                }
            }
        }
    }

    // Whoever looks into the table later finds it there; while nobody is known, gossip is enough.
    private func store(_ signed: SignedAnnouncement) async {
        guard let table, signed.announcement.status != .leaving else { return }
        let id = signed.announcement.id
        _ = try? await table.put(signed.canonicalBytes, under: ServiceTopics.key(of: id))
        guard PeerID(of: id.signer) == swarm.peer else { return }
        for offer in signed.announcement.offers {
            try? await table.provide(topics.content(of: offer.capability))
        }
    }

    // MARK: Hearing

    /// Judges what gossip brings (DISCOVERY-12).
    func judge(_ bytes: [UInt8]) async -> GossipVerdict {
        guard let signed = try? SignedAnnouncement(received: bytes) else {
            return count(.reject)
        }
        do throws(AnnouncementRefusal) {
            let checked = try signed.checked(on: chain, at: now)
            return count(verdict(await keep(checked), on: signed))
        } catch .expired, .fromTheFuture {
            // Whoever passed it on may have had another clock.
            return count(.ignore)
        } catch {
            return count(.reject)
        }
    }

    private func verdict(
        _ outcome: Result<DirectoryChange, DirectoryRefusal>, on signed: SignedAnnouncement
    ) -> GossipVerdict {
        let now = now
        switch outcome {
        case .success(.added), .success(.renewed), .success(.removed): return .accept
        case .success(.unchanged):
            let digest = signed.digest(domain: Self.domain)
            return state.withLock { $0.forwards.admits(digest, at: now) } ? .accept : .ignore
        // Whoever passed it on may have heard this one first: none of these is its fault.
        case .failure: return .ignore
        }
    }

    private func count(_ verdict: GossipVerdict) -> GossipVerdict {
        state.withLock { state in
            switch verdict {
            case .accept: state.counters.accepted += 1
            case .ignore: state.counters.ignored += 1
            case .reject: state.counters.rejected += 1
            }
        }
        return verdict
    }

    /// Puts an announcement into the directory, with what the ledger says of its signer.
    @discardableResult
    func keep(
        _ checked: CheckedAnnouncement
    ) async -> Result<DirectoryChange, DirectoryRefusal> {
        let id = checked.announcement.id
        let isKnown = state.withLock { $0.directory.listing(of: id) != nil }
        let standing =
            isKnown ? nil : await ledger(id.signer, checked.announcement.reputation.account)
        let now = now
        return state.withLock { state in
            do throws(DirectoryRefusal) {
                return .success(
                    try state.directory.receive(checked, standing: standing, at: now))
            } catch {
                if case .contradicts(let proof) = error {
                    state.counters.contradictions += 1
                    if state.contradictions.count < Self.contradictionsMax {
                        state.contradictions.append(proof)
                    }
                }
                return .failure(error)
            }
        }
    }

    /// Looks again at what the ledger says of signers, and how far away they are.
    func lookRound() async {
        var roundTrips: [PeerID: UInt64] = [:]
        for connection in swarm.connections {
            if let time = connection.roundTripMicroseconds { roundTrips[connection.peer] = time }
        }
        let now = now
        let listed = state.withLock { state in
            state.directory.expire(at: now)
            let all = state.directory.signers
            let rest = all.filter { signer in state.lookedUpTo.map { $0 < signer } ?? true }
            let next = rest.prefix(Self.signersMax)
            state.lookedUpTo = rest.count > next.count ? next.last : nil
            return next.compactMap { signer in
                state.directory.listings(of: signer).first.map {
                    (signer, $0.announcement.reputation.account)
                }
            }
        }
        for (signer, account) in listed {
            let standing = await ledger(signer, account)
            let time = roundTrips[PeerID(of: signer)]
            state.withLock { state in
                state.directory.note(standing, of: signer)
                if let time { state.directory.note(roundTripMicroseconds: time, of: signer) }
            }
        }
    }

    // MARK: For those who ask

    /// Answers a question from what this node knows.
    public func search(_ query: ServiceQuery) -> ServicePage {
        let now = now
        return state.withLock { $0.directory.search(query, at: now) }
    }

    /// All that one signer says.
    public func listings(of signer: PublicKey) -> [ServiceListing] {
        state.withLock { $0.directory.listings(of: signer) }
    }

    /// How many announcements hold here.
    public var count: Int { state.withLock { $0.directory.count } }

    /// Signers found to say different things with one number.
    public var contradictions: [AnnouncementContradiction] {
        state.withLock { $0.contradictions }
    }

    /// What is counted, by metric name.
    public var counters: [(name: String, value: UInt64)] {
        let (counters, kept, evicted) = state.withLock {
            ($0.counters, UInt64($0.directory.count), $0.directory.evicted)
        }
        return counters.named("services")
            + [("services_evicted_total", evicted), ("services_listed", kept)]
    }
}
