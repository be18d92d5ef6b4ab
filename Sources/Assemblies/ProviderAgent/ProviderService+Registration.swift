// SPDX-License-Identifier: Apache-2.0
import Ledger
import NodeInterface
import Registry
import Vocabulary

extension ProviderService {
    /// For how many blocks a refused registration is not repeated.
    static let registrationBlocks: UInt64 = 64

    /// Registers the provider, brings its terms up to date, and resumes when jail is over
    /// (PROVIDER-2, PROVIDER-3).
    func register(_ view: ProviderView) async {
        if let refused = registrationRefusedAt {
            guard refused.advanced(by: Self.registrationBlocks) < view.head.height else { return }
            registrationRefusedAt = nil
        }
        switch view.provider?.status {
        case nil, .withdrawn:
            let message = RegistryMessage.register(
                RegisterProvider(
                    peer: configuration.key.publicKey, terms: terms, bond: configuration.bond))
            await desk.add(message.message)
        case .bonded:
            guard view.provider?.terms != terms else { return }
            await desk.add(RegistryMessage.update(UpdateProvider(terms: terms)).message)
        case .jailed(let until):
            // A bond that no longer suffices is for its owner to fill up: whoever was slashed for
            // a fault of the machine would else lose a further part to it.
            if until <= view.head.time { await desk.add(RegistryMessage.resume.message) }
        case .paused, .unbonding: return
        }
    }

    private var terms: ProviderTerms {
        ProviderTerms(
            endpoint: configuration.endpoint, capabilities: [ProviderConfiguration.capability],
            basePrice: configuration.basePrice,
            pricePerMillionFuel: configuration.pricePerMillionFuel, slots: configuration.slots)
    }
}
