// SPDX-License-Identifier: Apache-2.0
import Consensus
import JSONText
import Ledger
import Vocabulary

extension JSON {
    /// A final block with the hashes of its transactions and the names of those who signed.
    ///
    /// Cost: the batches are read and every transaction hashed.
    init(_ finalized: FinalizedBlock, genesis: Genesis) {
        let header = finalized.block.header
        let transactions = finalized.transactions
        let signers = finalized.proof.certificate.signers.indices.map { index in
            header.epoch == Epoch(0) && genesis.validators.indices.contains(index)
                ? genesis.validators[index].name : "\(index)"
        }
        self = [
            "height": JSON(header.height), "slot": JSON(header.slot),
            "hash": JSON(finalized.block.hash), "parent": JSON(header.parent),
            "time": JSON(header.timestamp), "proposer": JSON(header.proposer),
            "stateHeight": JSON(header.stateHeight), "stateRoot": JSON(header.stateRoot),
            "transactions": .array(transactions.map { JSON($0.hash) }),
            "signers": .array(signers.map { .string($0) }),
        ]
    }
}
