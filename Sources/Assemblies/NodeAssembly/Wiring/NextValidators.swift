// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import Validators
import Vocabulary

/// Where the state says who decides in the next epoch (CONSENSUS-24), and how it is read: the
/// module Validators writes {epoch, set} there at each cut. A state without a value keeps the set.
enum NextValidators {
    /// The module Validators.
    static let module = ModuleID.validators
    /// Its key of the next set.
    static let key = ValidatorsKeys.nextSet

    /// The state key as proofs name it.
    static var fullKey: [UInt8] { [module.value] + key }

    /// Reads a value.
    ///
    /// - Returns: Nothing when it is no set of that epoch.
    static func read(_ bytes: [UInt8], of epoch: Epoch) -> ValidatorSet? {
        guard let next = try? NextSet(canonicalBytes: bytes), next.epoch == epoch
        else { return nil }
        return next.validators
    }
}
