// SPDX-License-Identifier: Apache-2.0
import Effects
import Ledger
import NodeAssembly
import NodeInterface
import Synchronization
import Vocabulary

/// Clients of one node, in a closed loop: each has so many transactions under way and sends the
/// next when the node has executed one.
///
/// Everything runs on the node's own loop, as the room that serves clients does.
final class PaymentLoad: Sendable {
    private struct Open {
        let client: Int
        let begun: Instant
    }

    private struct State {
        var open: [Digest: Open] = [:]
        /// What could not be handed in yet.
        var waiting: [(client: Int, transaction: SignedTransaction)] = []
        var isExhausted = false
    }

    private let host: NodeHost
    private let clients: Range<Int>
    private let inFlight: Int
    private let tally: LoadTally
    /// Gives a client's next transaction, or nothing when there are no more.
    private let next: @Sendable (Int) -> SignedTransaction?
    private let state = Mutex(State())

    init(
        _ host: NodeHost, clients: Range<Int>, inFlight: Int, tally: LoadTally,
        next: @escaping @Sendable (Int) -> SignedTransaction?
    ) {
        self.host = host
        self.clients = clients
        self.inFlight = inFlight
        self.tally = tally
        self.next = next
    }

    /// Whether a client has run out of transactions.
    var isExhausted: Bool { state.withLock { $0.isExhausted } }
    /// How many transactions are under way.
    var openCount: Int { state.withLock { $0.open.count + $0.waiting.count } }

    /// Begins; ends when the tally is over and everything under way has been executed.
    func start() -> any SpawnedTask {
        host.effects.tasks.spawn("payments") { [self] in await run(host.node) }
    }

    private func run(_ node: Node) async {
        var height = await node.status().head.height
        for _ in 0..<inFlight {
            for client in clients { await send(of: client, to: node) }
        }
        while !(tally.isOver || isExhausted) || openCount > 0 {
            await sendWaiting(to: node)
            switch await node.blocks(after: height, waiting: 200) {
            case .blocks(let blocks):
                for block in blocks {
                    height = block.height
                    for client in take(block) { await send(of: client, to: node) }
                }
            case .gap(let resume):
                height = resume
                for client in await lookUp(in: node) { await send(of: client, to: node) }
            }
        }
    }

    /// Notes what a block did to this node's transactions and gives the clients they were of.
    private func take(_ block: AppliedBlock) -> [Int] {
        let now = host.effects.time.now()
        return block.outcomes.compactMap { take($0, at: now) }
    }

    private func take(_ outcome: TransactionOutcome, at now: Instant) -> Int? {
        guard let open = state.withLock({ $0.open.removeValue(forKey: outcome.hash) }) else {
            return nil
        }
        let milliseconds = Double(now.value - open.begun.value) / 1e6
        tally.add(outcome.refusal == nil ? milliseconds : nil)
        return open.client
    }

    /// Asks for each transaction by name: blocks went by faster than this load followed.
    private func lookUp(in node: Node) async -> [Int] {
        var done: [Int] = []
        for hash in state.withLock({ Array($0.open.keys) }) {
            guard let outcome = await node.outcome(of: hash) else { continue }
            if let client = take(outcome, at: host.effects.time.now()) { done.append(client) }
        }
        return done
    }

    private func send(of client: Int, to node: Node) async {
        guard !tally.isOver, !isExhausted else { return }
        guard let transaction = next(client) else {
            state.withLock { $0.isExhausted = true }
            return
        }
        await send(transaction, of: client, to: node)
    }

    private func send(_ transaction: SignedTransaction, of client: Int, to node: Node) async {
        let hash = transaction.hash
        state.withLock {
            $0.open[hash] = Open(client: client, begun: host.effects.time.now())
        }
        do {
            try await node.submit(transaction)
        } catch {
            state.withLock {
                $0.open[hash] = nil
                $0.waiting.append((client, transaction))
            }
            if tally.add(nil) == 1 { StandardError.write("bench: not taken: \(error)\n") }
        }
    }

    private func sendWaiting(to node: Node) async {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for (client, transaction) in waiting { await send(transaction, of: client, to: node) }
    }
}
