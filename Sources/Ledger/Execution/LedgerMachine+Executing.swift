// SPDX-License-Identifier: Apache-2.0
import Cryptography
import StateTree
import Vocabulary

extension LedgerMachine {
    /// Executes the next final block.
    ///
    /// - Throws: ``LedgerFailure``; the executed state is then as before.
    public func execute(
        _ block: BlockContext, _ transactions: [SignedTransaction]
    ) throws(LedgerFailure) -> BlockResult {
        try execute(block, checked: CheckedTransaction.check(all: transactions, chain: chain))
    }

    /// Executes the next final block, whose transactions have been checked for this chain.
    ///
    /// - Throws: ``LedgerFailure``; the executed state is then as before.
    public func execute(
        _ block: BlockContext, checked transactions: [CheckedTransaction]
    ) throws(LedgerFailure) -> BlockResult {
        precondition(
            transactions.allSatisfy { $0.chain == chain }, "checked for another chain")
        try check(block)
        // What a query could not read before is no matter of this block.
        _ = layers.takeFailure()
        let context = ExecutionContext(block: block, base: self)
        let parameters = parameters
        let run = run(transactions, parameters, in: context)
        if let failure = layers.takeFailure() { throw .disk(failure) }
        context.transaction = .zero
        for module in modules { module.endBlock(in: context) }
        try check(context)
        let changes = context.changes()
        let indexed = indexChanges(
            run.outcomes, at: block.height, keeping: parameters.outcomeBlocks)
        if let failure = layers.takeFailure() { throw .disk(failure) }
        apply(changes, of: block)
        for change in indexed { layers.set(change.key, change.value) }
        return BlockResult(
            height: block.height, stateRoot: stateRoot, changedState: !changes.isEmpty,
            outcomes: run.outcomes, events: context.events, eventRanges: run.ranges)
    }

    /// Executes transactions in order and says what became of each and which events are whose.
    private func run(
        _ transactions: [CheckedTransaction], _ parameters: LedgerParameters,
        in context: ExecutionContext
    ) -> (outcomes: [TransactionOutcome], ranges: [Range<Int>]) {
        var consumed: [Digest: TransactionOutcome] = [:]
        var outcomes: [TransactionOutcome] = []
        var ranges: [Range<Int>] = []
        for (index, checked) in transactions.enumerated() {
            let start = context.events.count
            let execution = TransactionExecution(
                checked: checked, parameters: parameters, modules: modules, fees: fees,
                index: UInt32(index))
            let known = consumed[checked.hash] ?? storedOutcome(of: checked.hash)
            let outcome = execution.run(in: context, known: known)
            if outcome.isConsumed { consumed[outcome.hash] = outcome }
            outcomes.append(outcome)
            ranges.append(start..<context.events.count)
        }
        return (outcomes, ranges)
    }

    private func check(_ block: BlockContext) throws(LedgerFailure) {
        let expected = height.advanced(by: 1)
        guard block.height == expected else {
            throw .wrongHeight(expected: expected, given: block.height)
        }
        guard block.chain == chain else { throw .wrongBlock(reason: "of chain \(block.chain)") }
        guard block.time >= time else {
            throw .wrongBlock(reason: "time \(block.time) is before its parent's \(time)")
        }
    }

    /// Asks every module whether the block kept its law (LEDGER-13).
    func check(_ context: ExecutionContext) throws(LedgerFailure) {
        var breaches = modules.flatMap { $0.breaches(after: context) }
        if options.checksWholeState {
            breaches += modules.flatMap { $0.breaches(in: context) }
        }
        // A failed read makes false breaches: the disk is then the reason.
        if let failure = layers.takeFailure() { throw .disk(failure) }
        guard breaches.isEmpty else { throw .broken(breaches) }
    }

    /// Makes a block's changes the executed state.
    func apply(_ changes: [StateChange], of block: BlockContext) {
        let before = position.root
        let full = changes.map { (key: [$0.module.value] + $0.key, change: $0) }
        for entry in full { layers.set([StoreLayout.state] + entry.key, entry.change.after) }
        let redo = Self.treeChanges(full.map { ($0.key, $0.change.after) })
        // The tree still knows what it is about to replace: nothing is hashed twice.
        let undo = redo.map {
            SparseMerkleTree.Change(key: $0.key, valueHash: tree.valueHash(of: $0.key))
        }
        tree.update(redo)
        position = StorePosition(
            chain: chain, height: block.height, time: block.time, root: tree.root)
        layers.set(StoreLayout.position, position.canonicalBytes)
        blocksSinceCommit += 1
        guard block.height.value > 0 else { return }
        history.append(
            StateHistory.Step(
                height: block.height, rootBefore: before,
                undo: undo, redo: redo,
                values: Dictionary(
                    uniqueKeysWithValues: full.map { (HashedKey($0.key), $0.change.before) })))
    }

    /// Tree changes of full state keys and values, in ascending tree order.
    static func treeChanges(_ pairs: [(key: [UInt8], value: [UInt8]?)]) -> [SparseMerkleTree.Change]
    {
        pairs.map { pair in
            SparseMerkleTree.Change(
                key: SparseMerkleTree.path(of: pair.key),
                valueHash: pair.value.map { SHA256.hash($0) })
        }
        .sorted { $0.key < $1.key }
    }
}
