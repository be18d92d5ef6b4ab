// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import StateTree
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
        try execute(block, checked: transactions, workers: 1) { count, body in
            (0..<count).forEach(body)
        }
    }

    /// The same by several workers at once; what it gives is the same for any number of them
    /// (EXECUTION-8).
    ///
    /// - Parameters:
    ///   - workers: How many pieces of work may be carried out at once, 1 to 64.
    ///   - executor: Carries pieces out, and returns when all have ended.
    /// - Throws: ``LedgerFailure``; the executed state is then as before.
    public func execute(
        _ block: BlockContext, checked transactions: [CheckedTransaction], workers: Int,
        by executor: SparseMerkleTree.Executor
    ) throws(LedgerFailure) -> BlockResult {
        precondition(
            transactions.allSatisfy { $0.chain == chain }, "checked for another chain")
        try check(block)
        // What a query could not read before is no matter of this block.
        _ = layers.takeFailure()
        let parameters = parameters
        let execution = BlockExecution(
            self, block, transactions, parameters, workers: workers)
        try execution.run(by: executor)
        let delta = execution.delta(by: executor)
        apply(delta, of: block, workers: workers, by: executor)
        let result = execution.result(root: stateRoot, changedState: !delta.isEmpty)
        keep(
            result, postings: execution.postings(of: result),
            outcomeBlocks: parameters.outcomeBlocks)
        return result
    }

    /// Changes a bit of a stored value beside the tree, as a fault of memory would; for
    /// simulations.
    ///
    /// - Returns: Whether there is such a value.
    package func flipBit(_ module: ModuleID, _ key: [UInt8]) -> Bool {
        let key = StoreLayout.state(module, key)
        guard var value = layers.value(key), !value.isEmpty else { return false }
        value[0] ^= 1
        layers.set(key, value)
        return true
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
    func apply(
        _ delta: OrderedDelta, of block: BlockContext, workers: Int,
        by executor: SparseMerkleTree.Executor
    ) {
        let before = position.root
        knownParameters = nil
        for source in delta.sources { layers.set(source) }
        tree.update(delta.redo, workers: workers, by: executor)
        position = StorePosition(
            chain: chain, height: block.height, time: block.time, root: tree.root)
        layers.set(StoreLayout.position, position.canonicalBytes)
        blocksSinceCommit += 1
        guard block.height.value > 0 else { return }
        history.append(
            StateHistory.Step(height: block.height, rootBefore: before, delta: delta))
    }
}
