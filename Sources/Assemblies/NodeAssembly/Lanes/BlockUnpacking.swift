// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import Validators
import Vocabulary

extension FinalizedBlock {
    /// What a stored block executes on a state that stands just before it.
    ///
    /// - Parameter count: The lanes of the block's epoch: its validators.
    /// - Throws: ``ChainFault/badPayload(_:_:)``, ``ChainFault/badBatches(_:_:)``.
    func execution(lanes count: Int, on ledger: LedgerMachine) throws(ChainFault) -> LaneExecution {
        let header = block.header
        let cut: Cut
        do {
            cut = try Cut(payload: block.payload)
        } catch {
            throw .badPayload(header.height, error)
        }
        let order = LanePosition.order(of: header.epoch, lanes: count, in: ledger)
        do {
            return try order.execution(of: self, cut: cut)
        } catch {
            throw .badBatches(header.height, error)
        }
    }
}

extension LaneExecution {
    /// Where the lanes stand after the block, when it moves any.
    func position(in epoch: Epoch) -> LanePosition? {
        batches.isEmpty && closing.isEmpty ? nil : LanePosition(epoch: epoch, order: order)
    }
}

extension BlockHeader {
    /// What messages of this block see of it.
    ///
    /// - Parameter state: That of the height before, which knows where the proposer's fees go.
    func context(
        _ genesis: Genesis, on state: any StateReader, _ execution: LaneExecution
    ) -> BlockContext {
        let seat = ValidatorsQueries(state).feeAccount(of: proposer, in: epoch)
        let account =
            seat ?? genesis.validators.first { $0.publicKey == proposer }?.account
        return BlockContext(
            chain: chain, height: height, time: timestamp,
            proposer: account ?? AccountID(of: proposer), proposerKey: proposer,
            lanes: execution.position(in: epoch))
    }
}
