// SPDX-License-Identifier: Apache-2.0
public import Effects
import HTTPServer
public import NodeInterface
import Synchronization

/// The HTTP interface of a running node (specs/gateway.md).
public final class GatewayService: Sendable {
    private let effects: Effects
    private let configuration: GatewayConfiguration
    private let follower: BlockFollower
    private let events: EventLog
    private let access: GatewayAccess
    private let indexer: Indexer?
    private let spans: SpanExporter?
    private let node: any NodeAccess
    private let outcomes: OutcomeBoard
    private let service: HTTPService
    /// The same routes over sealed connections.
    private let sealed: HTTPService?
    private let tasks = Mutex<[any SpawnedTask]>([])

    /// Prepares a gateway of a node; nothing happens before ``start()``.
    public init(node: any NodeAccess, effects: Effects, configuration: GatewayConfiguration) {
        let events = EventLog()
        let outcomes = OutcomeBoard()
        let counters = CounterSource()
        let access = GatewayAccess(configuration, effects)
        let spans = configuration.traces.map { address in
            SpanExporter(to: address, effects: effects, service: "atoll-gateway")
        }
        let indexer = configuration.index.map { address in
            Indexer(node: node, effects: effects, address: address, log: configuration.log)
        }
        let context = GatewayContext(
            node: node, effects: effects, configuration: configuration, events: events,
            outcomes: outcomes, answers: AnswerBook(time: effects.time), receipts: ReceiptCache(),
            access: access, indexer: indexer, spans: spans,
            counters: { counters.now })
        self.effects = effects
        self.configuration = configuration
        self.events = events
        self.access = access
        self.indexer = indexer
        self.spans = spans
        self.node = node
        self.outcomes = outcomes
        follower = BlockFollower(
            node: node, effects: effects, events: events, outcomes: outcomes)
        let router = RouteTable(context).router
        let http = configuration.service(spans: spans)
        service = HTTPService(
            effects: effects, endpoint: configuration.endpoint,
            configuration: http,
            router: router)
        sealed = configuration.sealed.map { door in
            HTTPService(
                effects: effects, endpoint: door.endpoint, configuration: http,
                router: router, security: door.security)
        }
        counters.attach(service)
    }

    /// Where it listens, with the port the system chose; before the start, where it shall.
    public var endpoint: Endpoint { service.endpoint }
    /// Where it listens for sealed connections, if it does.
    public var sealedEndpoint: Endpoint? { sealed?.endpoint }

    /// Starts to listen, to serve, and to follow the node's blocks.
    ///
    /// - Throws: ``NetworkFailure``, such as a port in use.
    public func start() async throws(NetworkFailure) {
        await access.open(configuration.log)
        let start = await follower.begin()
        try await service.start()
        try await sealed?.start()
        let follow = effects.tasks.spawn("gateway follower") { [follower] in
            await follower.follow(after: start)
        }
        let keep = effects.tasks.spawn("gateway keys") { [access, effects] in
            await access.keep(effects)
        }
        tasks.withLock { $0 = [follow, keep] + anchoring + extras }
    }

    /// The tasks of what not every gateway has: an index of the chain, traces.
    private var extras: [any SpawnedTask] {
        var tasks: [any SpawnedTask] = []
        if let indexer {
            tasks.append(effects.tasks.spawn("gateway index") { await indexer.run() })
        }
        if let spans { tasks.append(effects.tasks.spawn("gateway spans") { await spans.run() }) }
        return tasks
    }

    /// The log of what changed something here.
    var auditLog: AuditLog { access.audit }

    /// The task that anchors the audit log, when there is a key for it.
    private var anchoring: [any SpawnedTask] {
        guard let key = configuration.anchorKey else { return [] }
        let anchor = AuditAnchor(
            node: node, effects: effects, audit: access.audit, key: key, log: configuration.log)
        return [effects.tasks.spawn("gateway anchor") { await anchor.run() }]
    }

    /// Stops: event streams end, requests being answered are finished within five seconds.
    public func stop() async {
        events.close()
        outcomes.close()
        let ending = tasks.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in ending { task.cancel() }
        await sealed?.stop()
        await service.stop()
        for task in ending { await task.finished() }
        await access.close()
    }
}

/// Hands the counters of a service to a resource that is made before the service.
private final class CounterSource: Sendable {
    private let service = Mutex<HTTPService?>(nil)

    func attach(_ service: HTTPService) { self.service.withLock { $0 = service } }

    var now: HTTPCounters? { service.withLock { $0?.counters } }
}
