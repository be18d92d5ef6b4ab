// SPDX-License-Identifier: Apache-2.0
import StateTree
import Vocabulary

/// The execution of one block over the state before it, which it leaves as it is (EXECUTION-1).
final class BlockExecution {
    private let machine: LedgerMachine
    private let block: BlockContext
    private let transactions: [CheckedTransaction]
    private let parameters: LedgerParameters
    private let receiver: AccountID
    private let input: SectionInput?
    private let section: SectionOne?
    private let context: ExecutionContext
    private var outcomes: [TransactionOutcome] = []
    private var consumed: [Digest: TransactionOutcome]?
    private var events = EventList()
    private var ranges: [Range<Int>] = []

    init(
        _ machine: LedgerMachine, _ block: BlockContext, _ transactions: [CheckedTransaction],
        _ parameters: LedgerParameters, workers: Int
    ) {
        self.machine = machine
        self.block = block
        self.transactions = transactions
        self.parameters = parameters
        receiver = machine.fees.receiver(of: block.proposer, in: machine)
        if let book = machine.fees as? any AccountBook, !transactions.isEmpty {
            let input = SectionInput(
                block: block, receiver: receiver, transactions: transactions,
                rules: AdmissionRules(parameters: parameters, fees: book), book: book,
                modules: machine.modules, layers: machine.layers, outcomes: machine.outcomeIndex)
            let section = SectionOne(input, workers: workers)
            self.input = input
            self.section = section
            context = ExecutionContext(
                block: block, base: SectionView(section: section, machine: machine))
        } else {
            (input, section) = (nil, nil)
            context = ExecutionContext(block: block, base: machine)
        }
    }

    /// Executes section 1, section 2 and the end of the block.
    ///
    /// - Throws: ``LedgerFailure/disk(_:)``, ``LedgerFailure/broken(_:)``.
    func run(by executor: SparseMerkleTree.Executor) throws(LedgerFailure) {
        if let section, let input {
            section.run(input, by: executor)
            if let failure = machine.layers.takeFailure() { throw .disk(failure) }
            guard section.isBalanced() else {
                throw .broken(["section 1 made or lost an amount"])
            }
        }
        runInOrder()
        if let failure = machine.layers.takeFailure() { throw .disk(failure) }
        context.transaction = .zero
        let ended = context.events.count
        for module in machine.modules { module.endBlock(in: context) }
        if let lanes = block.lanes { context.set(.ledger, LedgerKeys.lanes, lanes.canonicalBytes) }
        for event in context.events[ended...] { events.append(event) }
        try machine.check(context)
        if let failure = machine.layers.takeFailure() { throw .disk(failure) }
    }

    /// Puts together what section 1 decided, and executes the rest, in the order of the cut
    /// (EXECUTION-6).
    private func runInOrder() {
        outcomes.reserveCapacity(transactions.count)
        ranges.reserveCapacity(transactions.count)
        let bytes = section?.shards.reduce(0) { $0 + $1.events.bytes.count } ?? 0
        events.reserve(transactions.count * 2, bytes: bytes)
        var next = [Int](repeating: 0, count: section?.shards.count ?? 0)
        for index in transactions.indices {
            let start = events.count
            if let section {
                let shard = section.shard(of: transactions[index])
                let decision = section.shards[shard].decisions[next[shard]]
                next[shard] += 1
                append(decision, of: section.shards[shard], index)
            } else {
                runSerially(index)
            }
            ranges.append(start..<events.count)
        }
    }

    private func append(_ decision: AccountShard.Decision, of shard: AccountShard, _ index: Int) {
        switch decision.fate {
        case .serial: runSerially(index)
        case .decided(let outcome):
            events.append(shard.events, decision.events)
            note(outcome)
        }
    }

    private func runSerially(_ index: Int) {
        let first = context.events.count
        let execution = TransactionExecution(
            checked: transactions[index], parameters: parameters, modules: machine.modules,
            fees: machine.fees, receiver: receiver, index: UInt32(index))
        let outcome = execution.run(in: context) { self.known($0) }
        for event in context.events[first...] { events.append(event) }
        note(outcome)
    }

    private func note(_ outcome: TransactionOutcome) {
        outcomes.append(outcome)
        if consumed != nil, outcome.isConsumed { consumed?[outcome.hash] = outcome }
    }

    /// What became of a transaction before, in this block or an earlier one.
    private func known(_ hash: Digest) -> TransactionOutcome? {
        let here =
            consumed
            ?? Dictionary(
                outcomes.filter(\.isConsumed).map { ($0.hash, $0) }, uniquingKeysWith: { $1 })
        consumed = here
        return here[hash] ?? machine.storedOutcome(of: hash)
    }

    // MARK: Results

    /// Everything the block changed, in the order of the tree.
    func delta(by executor: SparseMerkleTree.Executor) -> OrderedDelta {
        let changes = context.changes()
        guard let section else {
            var delta = StateDelta()
            for change in changes { delta.append(change) }
            return OrderedDelta([delta])
        }
        let rest = section.settle(changes)
        return OrderedDelta(section.deltas(by: executor) + [rest])
    }

    func result(root: Digest, changedState: Bool) -> BlockResult {
        BlockResult(
            height: block.height, stateRoot: root, changedState: changedState,
            outcomes: outcomes, events: events, eventRanges: ranges)
    }

    /// Whom the block's events concern: their subjects, and whoever else their modules name.
    func postings(of result: BlockResult) -> [Posting] {
        var postings: [Posting] = []
        postings.reserveCapacity(events.count * 2)
        for index in events.indices {
            let place = EventCursor(height: block.height, index: UInt32(index))
            if let layout = section?.layout, let movement = events.movement(at: index, layout) {
                postings.append(Posting(movement.subject, place))
                guard movement.giver != movement.subject else { continue }
                postings.append(Posting(movement.giver, place))
                continue
            }
            let event = events[index]
            postings.append(Posting(event.subject, place))
            guard let module = machine.modules.first(where: { $0.id == event.module }) else {
                continue
            }
            for party in Set(module.parties(to: event)).sorted() where party != event.subject {
                postings.append(Posting(party, place))
            }
        }
        return postings
    }
}
