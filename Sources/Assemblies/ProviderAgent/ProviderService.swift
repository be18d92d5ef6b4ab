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
/// It acts on executed blocks alone, so a restart or a gap is one more look at the state.
public actor ProviderService {
    let node: any NodeAccess
    let effects: Effects
    let configuration: ProviderConfiguration
    let account: AccountID
    let desk: TransactionDesk
    let registry = RegistryReader()

    var notebook: Notebook?
    var runner: JobRunner?
    /// Jobs bid on, with the height of the bid: each holds a slot until its fate is known.
    var bids: [JobID: BlockHeight] = [:]
    /// Jobs leased to this provider, with what is being done about them.
    var leases: [JobID: LeaseWork] = [:]
    private var tasks: [any SpawnedTask] = []
    private var isStopping = false

    /// A lease's progress on this side.
    enum LeaseWork {
        case running(any SpawnedTask)
        case noted(NotedResult)
    }

    /// How long one wait for blocks lasts, in milliseconds; also how often the state is looked at
    /// anew when nothing happens.
    static let waitMilliseconds: UInt64 = 2_000
    /// After how many blocks a bid of which nothing was heard no longer holds a slot.
    static let bidBlocksMax: UInt64 = 256

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
            runner = JobRunner(blobs: node.blobs, workers: effects.workers, engine: engine)
            notebook = try await Notebook(disk: effects.disk, folder: "data/results")
        } catch {
            configuration.log("the provider cannot work: \(error)")
            return
        }
        tasks.append(effects.tasks.spawn("provider") { await self.follow() })
    }

    /// Hands back what runs and stops.
    public func stop() async {
        isStopping = true
        for task in tasks { task.cancel() }
        for job in leases.keys.sorted() {
            guard case .running(let task) = leases[job] else { continue }
            task.cancel()
            await desk.add(MarketMessage.giveUp(GiveUp(job: job, reason: .shuttingDown)).message)
        }
        await desk.flush()
        for task in tasks { await task.finished() }
    }

    /// Follows the chain block by block.
    private func follow() async {
        var height = await resume()
        while !isStopping, !Task.isCancelled {
            let page = await node.blocks(after: height, waiting: Self.waitMilliseconds)
            switch page {
            case .gap: height = await resume()
            case .blocks(let blocks) where blocks.isEmpty: await look()
            case .blocks(let blocks):
                for block in blocks {
                    await take(block)
                    height = block.height
                }
            }
            await desk.flushSingles()
            await desk.flush()
        }
    }

    /// Learns from the state where things stand; returns the height to go on after.
    private func resume() async -> BlockHeight {
        let head = await node.read { _, head in head.height }
        await look()
        return head
    }

    /// Compares the state with what is being done and closes every difference.
    private func look() async {
        await register()
        let account = account
        let (held, open) = await node.read { state, _ in
            let market = MarketQueries(state)
            return (market.leases(of: account).items, market.openOrders().items)
        }
        for lease in held { await take(up: lease) }
        let jobs = Set(held.map(\.job))
        for job in leases.keys.sorted() where !jobs.contains(job) { await drop(job) }
        for order in open { await consider(order.job, order.terms) }
    }

    private func take(_ block: AppliedBlock) async {
        await desk.follow(block)
        for event in block.events where event.module == .market {
            guard let news = try? MarketEvent(event) else { continue }
            await take(news, of: JobID(event.subject), in: block)
        }
        for (job, height) in bids where height.advanced(by: Self.bidBlocksMax) < block.height {
            bids[job] = nil
        }
    }

    private func take(_ news: MarketEvent, of job: JobID, in block: AppliedBlock) async {
        switch news {
        case .orderOpened(_, let terms): await consider(job, terms)
        case .bidsWanted, .disputeOpened:
            guard let order = await order(of: job), order.wantsBids else { return }
            await consider(job, order.terms)
        case .leasesGranted(let granted) where granted.contains(where: { $0.provider == account }):
            bids[job] = nil
            await run(job)
        case .resultsCommitted(_, let providers) where providers.contains(account):
            await show(job)
        case .leaseEnded(account, _), .orderEnded: await drop(job)
        case .bidDropped(account): bids[job] = nil
        default: break
        }
    }

    /// A live order as the state holds it.
    func order(of job: JobID) async -> Order? {
        await node.read { state, _ in MarketQueries(state).order(job) }
    }

    /// Forgets a job that ended or was given to another.
    func drop(_ job: JobID) async {
        bids[job] = nil
        if case .running(let task) = leases.removeValue(forKey: job) { task.cancel() }
        await notebook?.remove(job)
    }
}
