// SPDX-License-Identifier: Apache-2.0
import Ledger
import NodeInterface
import Registry
import Vocabulary

/// Reads the registry's part of the state.
struct RegistryReader: Sendable {
    /// A provider as it is registered.
    func provider(_ account: AccountID, in state: any StateReader) -> Provider? {
        guard let bytes = state.value(.registry, RegistryKeys.provider(account)) else { return nil }
        return try? Provider(canonicalBytes: bytes)
    }
}

extension ProviderService {
    /// Registers the provider, or brings its terms up to date.
    func register() async {
        let terms = terms
        let (account, registry) = (account, registry)
        let known = await node.read { state, _ in registry.provider(account, in: state) }
        guard let known else {
            let message = RegistryMessage.register(
                RegisterProvider(
                    peer: configuration.key.publicKey, terms: terms, bond: configuration.bond))
            await desk.add(message.message)
            await desk.flush()
            return
        }
        guard known.isActive, known.terms != terms else { return }
        await desk.add(RegistryMessage.update(UpdateProvider(terms: terms)).message)
    }

    private var terms: ProviderTerms {
        ProviderTerms(
            endpoint: configuration.endpoint, capabilities: [ProviderConfiguration.capability],
            basePrice: configuration.basePrice,
            pricePerMillionFuel: configuration.pricePerMillionFuel, slots: configuration.slots)
    }
}
