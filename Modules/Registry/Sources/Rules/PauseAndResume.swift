// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension RegistryModule {
    /// Bonded becomes Paused (REGISTRY-5).
    func pause(_ sender: AccountID, in context: ExecutionContext) throws(Refusal) {
        let provider = try known(sender, in: context)
        guard provider.status == .bonded else {
            throw .registry(.wrongStatus, "only a provider that takes work can pause")
        }
        setStatus(.paused, of: provider, in: context)
    }

    /// Paused, or Jailed for long enough, becomes Bonded when the bond suffices (REGISTRY-5).
    func resume(_ sender: AccountID, in context: ExecutionContext) throws(Refusal) {
        let provider = try known(sender, in: context)
        switch provider.status {
        case .paused: break
        case .jailed(let until):
            guard context.block.time >= until else {
                throw .registry(.tooEarly, "jailed until \(until); it is \(context.block.time)")
            }
        case .bonded, .unbonding, .withdrawn:
            throw .registry(.wrongStatus, "only a paused or jailed provider can resume")
        }
        let bondMin = parameters(in: context).bondMin
        guard provider.bond >= bondMin else {
            throw .registry(.bondTooSmall, "the bond is \(provider.bond); the least is \(bondMin)")
        }
        setStatus(.bonded, of: provider, in: context)
    }

    func setStatus(
        _ status: ProviderStatus, of provider: Provider, in context: ExecutionContext
    ) {
        var changed = provider
        changed.status = status
        write(changed, in: context)
        context.emit(.statusChanged, changed)
    }
}
