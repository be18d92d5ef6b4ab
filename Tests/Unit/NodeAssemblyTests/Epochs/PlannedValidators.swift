// SPDX-License-Identifier: Apache-2.0
import Consensus
import JSONText
import Ledger
import Vocabulary

@testable import NodeAssembly

/// Stands in the place of the module Validators: who decides in which epoch is written in a plan.
struct PlannedValidators: LedgerModule {
    let id = NextValidators.module
    let name = "validators"
    let lengths: EpochLengths
    /// The sets of epoch 1 and those after it; the last one holds on.
    let sets: [ValidatorSet]

    func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        throw Refusal(module: id, code: 1, name: "planned", detail: "the plan does not change")
    }

    func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {}

    func endBlock(in context: ExecutionContext) {
        guard let ended = lengths.epoch(cutAt: context.block.height) else { return }
        var encoder = CanonicalEncoder()
        encoder.write(ended.advanced(by: 1))
        encoder.write(sets[min(sets.count - 1, Int(ended.value))])
        context.set(id, NextValidators.key, encoder.bytes)
    }
}
