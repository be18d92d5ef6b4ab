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
    private let outcomes: OutcomeBoard
    private let service: HTTPService
    /// The same routes over sealed connections.
    private let sealed: HTTPService?
    private let following = Mutex<(any SpawnedTask)?>(nil)

    /// Prepares a gateway of a node; nothing happens before ``start()``.
    public init(node: any NodeAccess, effects: Effects, configuration: GatewayConfiguration) {
        let events = EventLog()
        let outcomes = OutcomeBoard()
        let counters = CounterSource()
        let context = GatewayContext(
            node: node, effects: effects, configuration: configuration, events: events,
            outcomes: outcomes, answers: AnswerBook(time: effects.time), receipts: ReceiptCache(),
            counters: { counters.now })
        self.effects = effects
        self.configuration = configuration
        self.events = events
        self.outcomes = outcomes
        follower = BlockFollower(
            node: node, effects: effects, events: events, outcomes: outcomes)
        let router = RouteTable(context).router
        service = HTTPService(
            effects: effects, endpoint: configuration.endpoint,
            configuration: configuration.service,
            router: router)
        sealed = configuration.sealed.map { door in
            HTTPService(
                effects: effects, endpoint: door.endpoint, configuration: configuration.service,
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
        let start = await follower.begin()
        try await service.start()
        try await sealed?.start()
        let task = effects.tasks.spawn("gateway follower") { [follower] in
            await follower.follow(after: start)
        }
        following.withLock { $0 = task }
    }

    /// Stops: event streams end, requests being answered are finished within five seconds.
    public func stop() async {
        events.close()
        outcomes.close()
        let task = following.withLock { $0.take() }
        task?.cancel()
        await sealed?.stop()
        await service.stop()
        await task?.finished()
    }
}

/// Hands the counters of a service to a resource that is made before the service.
private final class CounterSource: Sendable {
    private let service = Mutex<HTTPService?>(nil)

    func attach(_ service: HTTPService) { self.service.withLock { $0 = service } }

    var now: HTTPCounters? { service.withLock { $0?.counters } }
}
