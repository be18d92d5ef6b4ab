// SPDX-License-Identifier: Apache-2.0
public import Consensus
import Vocabulary

extension ValidatorSet {
    /// The validators that a genesis names, in its order.
    ///
    /// - Throws: ``ValidatorSetError`` when they are no set that could agree on anything.
    public init(of genesis: Genesis) throws(ValidatorSetError) {
        try self.init(
            genesis.validators.map { Validator(key: $0.publicKey, stake: UInt128($0.stake)) })
    }
}
