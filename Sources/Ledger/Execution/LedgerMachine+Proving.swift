// SPDX-License-Identifier: Apache-2.0
import StateTree
public import Vocabulary

extension LedgerMachine {
    /// The oldest height at which a value can be proven now.
    public var oldestProvable: BlockHeight { history.oldest(now: height) }

    /// The root of the state at one of the newest heights, or nothing when it is forgotten.
    public func stateRoot(at past: BlockHeight) -> Digest? {
        if past == height { return stateRoot }
        return history.steps.first { $0.height == past.advanced(by: 1) }?.rootBefore
    }

    /// Proves what the state held under a key, now or at one of the newest heights (LEDGER-16).
    ///
    /// Cost: one walk; for an older height also the changes of the blocks since, twice.
    ///
    /// - Parameter past: The `stateHeight` of a certified header, or nil for the executed height.
    /// - Throws: ``LedgerFailure/heightForgotten(_:oldest:)`` for a height too old or too new,
    ///   ``LedgerFailure/disk(_:)``.
    public func prove(
        _ module: ModuleID, _ key: [UInt8], at past: BlockHeight? = nil
    ) throws(LedgerFailure) -> ProvenValue {
        let target = past ?? height
        guard let root = stateRoot(at: target) else {
            throw .heightForgotten(target, oldest: oldestProvable)
        }
        let full = [module.value] + key
        let steps = history.steps(after: target)
        for step in steps { tree.update(step.delta.undo) }
        let proof = tree.prove(SparseMerkleTree.path(of: full))
        for step in steps.reversed() { tree.update(step.delta.redo) }
        let value = try query { _ in
            StateHistory.value(at: SparseMerkleTree.path(of: full), before: steps)
                ?? self.value(module, key)
        }
        return ProvenValue(
            height: target, root: root, module: module, key: key, value: value, proof: proof)
    }
}
