// SPDX-License-Identifier: Apache-2.0
import Database
import Effects
import HTTPServer
import Ledger
import Market
import NodeInterface
import Vocabulary

/// Follows the node's blocks into a database, and answers questions from it (GATEWAY-50 to 53).
///
/// It reads final blocks alone, in batches of bounded size, and what it has written with a batch
/// is the place it goes on from after a stop.
actor Indexer {
    /// How it stands.
    struct Standing: Sendable {
        var kind = ""
        var height = BlockHeight(0)
        var rows: UInt64 = 0
        /// Nanoseconds spent in writing them.
        var writing: UInt64 = 0
        var failures: UInt64 = 0
        /// Blocks that the node no longer had.
        var missed: UInt64 = 0
        var isConnected = false
        var lastFailure: String?
    }

    /// A batch ends with the block that brings it to so many things: 4,096 of 2 KiB are 8 MiB.
    static let batchMax = 4_096
    /// The most blocks that are asked of the node's log at once.
    private static let blocksMax = 32
    /// How long one look at the feed waits, and how long after a failure it is tried again.
    private static let waitMilliseconds: UInt64 = 2_000

    private let node: any NodeAccess
    private let effects: Effects
    private let address: DatabaseAddress
    private let log: @Sendable (String) -> Void
    private var writer: IndexStore?
    private var reader: IndexStore?
    private var mustRebuild = false
    private var knowsEconomy = false
    private(set) var standing = Standing()

    init(
        node: any NodeAccess, effects: Effects, address: DatabaseAddress,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.node = node
        self.effects = effects
        self.address = address
        self.log = log
    }

    /// Follows until the task is cancelled; a database that fails is opened again.
    func run() async {
        while !Task.isCancelled {
            do throws(DatabaseFailure) {
                try await connect()
                try await follow()
            } catch {
                standing.failures += 1
                if standing.lastFailure != "\(error)" { log("the index stands still: \(error)") }
                standing.lastFailure = "\(error)"
                disconnect()
                await effects.time.sleep(milliseconds: Self.waitMilliseconds)
            }
        }
        disconnect()
    }

    /// Empties the index; it is then built anew from what the node still has.
    func rebuild() {
        mustRebuild = true
        // From now on it lacks everything, and says so.
        standing.height = BlockHeight(0)
    }

    // MARK: - The database

    private func connect() async throws(DatabaseFailure) {
        let (address, chain) = (address, node.chain)
        let opened = await effects.workers.run { () -> Result<[IndexStore], DatabaseFailure> in
            Result { () throws(DatabaseFailure) in
                let writer = IndexStore(connection: try address.connect())
                try writer.prepare(chain: chain)
                return [writer, IndexStore(connection: try address.connect())]
            }
        }
        let stores = try opened.get()
        (writer, reader) = (stores[0], stores[1])
        standing.kind = stores[0].connection.kind
        standing.isConnected = true
        standing.lastFailure = nil
        knowsEconomy = false
    }

    private func disconnect() {
        writer?.connection.close()
        reader?.connection.close()
        (writer, reader) = (nil, nil)
        standing.isConnected = false
    }

    private func write<Value: Sendable>(
        _ body: @escaping @Sendable (IndexStore) throws(DatabaseFailure) -> Value
    ) async throws(DatabaseFailure) -> Value {
        guard let writer else { throw .unreachable("it is not open") }
        let result = await effects.workers.run { () -> Result<Value, DatabaseFailure> in
            Result { () throws(DatabaseFailure) in try body(writer) }
        }
        return try result.get()
    }

    /// Answers a question.
    ///
    /// - Throws: ``GatewayProblem/indexNotReady``.
    func ask<Value: Sendable>(
        _ body: @escaping @Sendable (IndexStore) throws(DatabaseFailure) -> Value
    ) async throws(Problem) -> Value {
        guard let reader else { throw Self.notReady(standing.lastFailure ?? "it is being opened") }
        let result = await effects.workers.run { () -> Result<Value, DatabaseFailure> in
            Result { () throws(DatabaseFailure) in try body(reader) }
        }
        do {
            return try result.get()
        } catch {
            throw Self.notReady("\(error)")
        }
    }

    static func notReady(_ reason: String) -> Problem {
        GatewayProblem.indexNotReady.problem(reason, retryAfterSeconds: 2)
    }

    // MARK: - Following

    private func follow() async throws(DatabaseFailure) {
        standing.height = try await write { store throws(DatabaseFailure) in try store.height() }
        while !Task.isCancelled {
            if mustRebuild {
                let chain = node.chain
                try await write { store throws(DatabaseFailure) in try store.clear(chain: chain) }
                (mustRebuild, knowsEconomy) = (false, false)
                standing.height = BlockHeight(0)
            }
            switch await node.blocks(after: standing.height, waiting: Self.waitMilliseconds) {
            case .blocks(let blocks): try await add(blocks.map(IndexedBlock.init))
            case .gap(let resumeAfter): try await catchUp(to: resumeAfter)
            }
        }
    }

    /// Reads blocks that the feed no longer holds from the node's log.
    private func catchUp(to end: BlockHeight) async throws(DatabaseFailure) {
        while standing.height < end, !Task.isCancelled, !mustRebuild {
            let next = standing.height.advanced(by: 1)
            let found = await node.finalBlocks(from: next, count: Self.blocksMax)
            guard let first = found.first else {
                standing.missed += end.value - standing.height.value
                standing.height = end
                return
            }
            standing.missed += first.block.header.height.value - next.value
            var blocks: [IndexedBlock] = []
            for final in found where final.block.header.height <= end {
                var receipts: [TransactionReceipt] = []
                for transaction in final.transactions {
                    guard let receipt = await node.receipt(of: transaction.hash) else { continue }
                    receipts.append(receipt)
                }
                blocks.append(IndexedBlock(final, receipts))
            }
            guard !blocks.isEmpty else {
                standing.height = end
                return
            }
            try await add(blocks)
        }
    }

    /// Writes blocks, oldest first, in batches.
    private func add(_ blocks: [IndexedBlock]) async throws(DatabaseFailure) {
        var start = 0
        while start < blocks.count {
            var end = start
            var things = 0
            while end < blocks.count, things < Self.batchMax {
                things += 1 + blocks[end].outcomes.count + blocks[end].events.count
                end += 1
            }
            try await add(batch: Array(blocks[start..<end]))
            start = end
        }
    }

    private func add(batch: [IndexedBlock]) async throws(DatabaseFailure) {
        guard let last = batch.last else { return }
        let read = await effects.workers.run { batch.map(IndexReading.records) }
        var records = read.flatMap(\.records)
        records += await jobs(read.reduce(into: Set()) { $0.formUnion($1.jobs) })
        let touched = batch.contains { block in
            block.events.contains {
                [.governance, .validators, .staking].contains($0.event.module)
            }
        }
        if touched || !knowsEconomy {
            records += await node.read { state, _ in IndexReading.economy(state) }
        }
        let began = effects.time.now()
        let rows = try await write { [records] store throws(DatabaseFailure) in
            try store.write(records, upTo: last.height)
        }
        knowsEconomy = true
        standing.rows += UInt64(rows)
        standing.writing += effects.time.now().value - began.value
        if !mustRebuild { standing.height = last.height }
    }

    /// Jobs that a batch touched, as the state has them now.
    private func jobs(_ names: Set<Bytes32>) async -> [IndexRecord] {
        let sorted = names.sorted()
        var records: [IndexRecord] = []
        for start in stride(from: 0, to: sorted.count, by: 128) {
            let part = Array(sorted[start..<min(start + 128, sorted.count)])
            records += await node.read { state, head in
                let queries = MarketQueries(state)
                return part.compactMap { name in
                    queries.job(JobID(name)).flatMap { IndexReading.job($0, at: head.height) }
                }
            }
        }
        return records
    }
}
