// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension RegistryModule {
    /// Bonded, Paused or Jailed becomes Unbonding (REGISTRY-6); the bond stays within reach.
    func unbond(_ sender: AccountID, in context: ExecutionContext) throws(Refusal) {
        let provider = try known(sender, in: context)
        switch provider.status {
        case .bonded, .paused, .jailed: break
        case .unbonding, .withdrawn:
            throw .registry(.wrongStatus, "the provider has left already")
        }
        let delay = parameters(in: context).unbondingMilliseconds
        setStatus(
            .unbonding(until: context.block.time.advanced(by: delay)), of: provider, in: context)
    }

    /// Unbonding for long enough becomes Withdrawn, and what is left of the bond is paid back
    /// (REGISTRY-7).
    func withdraw(_ sender: AccountID, in context: ExecutionContext) throws(Refusal) {
        var provider = try known(sender, in: context)
        guard case .unbonding(let until) = provider.status else {
            throw .registry(.wrongStatus, "only a provider that left can withdraw")
        }
        guard context.block.time >= until else {
            throw .registry(.tooEarly, "withdrawable from \(until); it is \(context.block.time)")
        }
        if provider.bond > .zero {
            try bank.releaseBond(provider.bond, of: sender, to: .account(sender), in: context)
        }
        provider.bond = .zero
        setStatus(.withdrawn, of: provider, in: context)
    }
}
