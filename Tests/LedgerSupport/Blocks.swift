// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

extension ExecutionContext {
    /// A block that nobody in particular proposed, over what stands before it.
    public static func block(
        _ height: UInt64, at time: UInt64, on chain: ChainID = ChainID(.zero),
        over base: any StateReader
    ) -> ExecutionContext {
        ExecutionContext(
            block: BlockContext(
                chain: chain, height: BlockHeight(height), time: Timestamp(time),
                proposer: AccountID(.zero)),
            base: base)
    }
}
