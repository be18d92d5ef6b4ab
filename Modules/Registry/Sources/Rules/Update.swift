// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension RegistryModule {
    /// Replaces terms and adds to the bond (REGISTRY-4), while Bonded, Paused or Jailed.
    func update(
        _ message: UpdateProvider, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try message.terms.check()
        var provider = try known(sender, in: context)
        switch provider.status {
        case .bonded, .paused, .jailed: break
        case .unbonding, .withdrawn:
            throw .registry(.wrongStatus, "a provider that left cannot change its terms")
        }
        if message.addedBond > .zero {
            guard let bond = provider.bond.adding(message.addedBond) else {
                throw .registry(.bondTooLarge, "the bond would exceed 128 bits")
            }
            try bank.holdBond(message.addedBond, of: sender, in: context)
            provider.bond = bond
        }
        provider.terms = message.terms
        write(provider, in: context)
        context.emit(.providerUpdated, provider)
    }
}
