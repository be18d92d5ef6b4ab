// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Effects
import Ledger
import Market
public import NodeInterface
import Registry
import Vocabulary
import WebAssemblyEngine

/// The agent of a provider: registers it, bids on orders, runs what it wins, commits to results and
/// shows them (specs/provider.md).
///
/// It acts on the executed state alone (PROVIDER-1): events only say when to look again, so a
/// restart, a gap or a refused transaction is one more look.
public actor ProviderService {
    let node: any NodeAccess
    let effects: Effects
    let configuration: ProviderConfiguration
    let account: AccountID
    let desk: TransactionDesk

    var notebook: Notebook?
    var runner: JobRunner?
    /// Bids that are not in the state yet, with the height at which they were sent.
    var bidding: [JobID: BlockHeight] = [:]
    /// Jobs whose bid was refused, with the height at which it was.
    var declined: [JobID: BlockHeight] = [:]
    /// When a registration was refused: it is not repeated at once, since a refusal costs a fee.
    var registrationRefusedAt: BlockHeight?
    /// Orders that the machine's owner does not allow.
    var refused = RefusalBook()
    /// Jobs leased to this provider, with what is being done about them.
    var leases: [JobID: LeaseWork] = [:]

    /// The last block whose events were taken.
    private var height = BlockHeight(0)
    /// Whether something happened that only a look at the state can answer.
    var mustLook = true
    private var lookedAt = Instant(0)
    private var following: (any SpawnedTask)?
    private var networking: [any SpawnedTask] = []
    /// What was announced last, and what is negotiated.
    var negotiator = Negotiator()
    private var watching: (any SpawnedTask)?
    /// Set by ``stop()``: nothing new is begun.
    private(set) var isStopping = false

    /// A lease's progress on this side.
    enum LeaseWork {
        /// The program is fetched and run.
        case running(any SpawnedTask)
        /// The result is on disk; the provider is bound to it or about to be.
        case noted(NotedResult)
        /// The provider cannot do it and says so.
        case handedBack(GiveUpReason)
    }

    /// How long one wait for blocks lasts, in milliseconds.
    static let waitMilliseconds: UInt64 = 2_000
    /// How often the state is looked at when nothing calls for it, in milliseconds.
    static let lookMilliseconds: UInt64 = 5_000
    /// How long a stopping agent waits for what it says last, in milliseconds.
    static let farewellMilliseconds: UInt64 = 3_000

    /// Prepares an agent beside its node.
    public init(
        node: any NodeAccess, effects: Effects, configuration: ProviderConfiguration
    ) {
        self.node = node
        self.effects = effects
        self.configuration = configuration
        account = AccountID(of: configuration.key.publicKey)
        desk = TransactionDesk(node: node, key: configuration.key, log: configuration.log)
    }

    /// Starts to work; what was leased before a restart is taken up again.
    ///
    /// When the machine cannot run programs or keep results, the agent says so and does nothing.
    public func start() async {
        do {
            let engine = try WebAssemblyRunner()
            runner = JobRunner(
                blobs: node.blobs, workers: effects.workers, time: effects.time, engine: engine)
            notebook = try await Notebook(disk: effects.disk, folder: "data/notes")
        } catch {
            configuration.log("the provider cannot work: \(error)")
            return
        }
        following = effects.tasks.spawn("provider") { await self.follow() }
        if let services = node.services {
            networking = [
                effects.tasks.spawn("provider announces") { await self.announce(at: services) },
                effects.tasks.spawn("provider negotiates") { await self.negotiate(at: services) },
            ]
        }
        guard configuration.authority != nil else { return }
        watching = effects.tasks.spawn("authority") { await self.watchAuthority() }
    }

    /// Hands back what runs, waits a moment for that to be final, and stops (PROVIDER-10).
    ///
    /// Programs under way are ended; what they would have given is dropped.
    public func stop() async {
        guard !isStopping else { return }
        isStopping = true
        for task in networking { task.cancel() }
        for task in networking { await task.finished() }
        await sayLeaving()
        watching?.cancel()
        following?.cancel()
        await watching?.finished()
        await following?.finished()
        await handBackAll()
        await desk.flush()
        await sayFarewell()
    }

    /// Follows the chain until what was handed back is final and no bid can win a lease any more,
    /// or time is up.
    private func sayFarewell() async {
        let deadline = effects.time.now().advanced(by: Self.farewellMilliseconds * 1_000_000)
        while await !isDone() {
            let now = effects.time.now()
            guard now < deadline else { return }
            let wait = deadline.milliseconds(since: now) + 1
            let page = await node.blocks(after: height, waiting: wait)
            guard case .blocks(let blocks) = page, !blocks.isEmpty else { return }
            for block in blocks {
                await take(block)
                height = block.height
            }
            await desk.flush()
        }
    }

    private func isDone() async -> Bool {
        guard await desk.isIdle else { return false }
        let view = await view()
        return view.reserved.count == view.held.count
    }

    /// Follows the chain block by block.
    private func follow() async {
        await forgetOldNotes()
        height = await node.read { _, head in head.height }
        while !isStopping, !Task.isCancelled {
            await takeNextPage()
            if isLookDue { await lookNow() }
            await desk.flush()
        }
    }

    private func takeNextPage() async {
        let began = effects.time.now()
        let wait = mustLook ? 0 : Self.waitMilliseconds
        switch await node.blocks(after: height, waiting: wait) {
        case .gap(let head):
            height = head
            await desk.resume()
            mustLook = true
        case .blocks(let blocks):
            for block in blocks {
                await take(block)
                height = block.height
            }
            // A node that stops answers at once; asking it without pause would be a busy loop.
            guard blocks.isEmpty, wait > 0 else { return }
            let passed = effects.time.now().milliseconds(since: began)
            if passed < wait / 2 { await effects.time.sleep(milliseconds: wait / 2 - passed) }
        }
    }

    private var isLookDue: Bool {
        mustLook || effects.time.now().milliseconds(since: lookedAt) >= Self.lookMilliseconds
    }

    private func lookNow() async {
        mustLook = false
        lookedAt = effects.time.now()
        await look()
    }

    private func take(_ block: AppliedBlock) async {
        for message in await desk.follow(block) { await learn(refused: message, at: block.height) }
        for event in block.events where event.module == .market {
            guard let news = try? MarketEvent(event) else { continue }
            await take(news, of: JobID(event.subject))
        }
    }

    private func take(_ news: MarketEvent, of job: JobID) async {
        switch news {
        case .orderOpened, .bidsWanted, .disputeOpened, .bidDropped(account): mustLook = true
        case .bidPlaced(let bid) where bid.provider == account: bidding[job] = nil
        case .leasesGranted(let granted) where granted.contains(where: { $0.provider == account }):
            await run(job)
        case .resultsCommitted(_, let providers) where providers.contains(account):
            await show(job)
        case .leaseEnded(account, _): await drop(job)
        case .orderEnded:
            // A standby's slot is free again as well.
            mustLook = true
            if leases[job] != nil { await drop(job) }
        default: break
        }
    }

    /// A message was executed and refused: the state will not change by waiting for it.
    private func learn(refused message: Message, at height: BlockHeight) async {
        mustLook = true
        if message.module == .registry { registrationRefusedAt = height }
        guard message.module == .market,
            case .placeBid(let bid) = try? MarketMessage(canonicalBytes: message.payload)
        else { return }
        bidding[bid.job] = nil
        declined[bid.job] = height
    }

    /// A live order as the state holds it.
    func order(of job: JobID) async -> Order? {
        await node.read { state, _ in MarketQueries(state).order(job) }
    }

    /// Forgets a lease that ended.
    func drop(_ job: JobID) async {
        mustLook = true
        if case .running(let task) = leases.removeValue(forKey: job) { task.cancel() }
        await notebook?.remove(job)
    }

    /// Forgets results of jobs that ended while this provider was away.
    private func forgetOldNotes() async {
        let account = account
        for job in await notebook?.jobs() ?? [] {
            let isLeased = await node.read { state, _ in
                MarketQueries(state).order(job)?.leases.contains { $0.provider == account }
            }
            if isLeased != true { await notebook?.remove(job) }
        }
    }
}
