// SPDX-License-Identifier: Apache-2.0
import Ledger
import Market
import Registry
import Vocabulary

/// Providers as the registry knows them, in the market's words.
struct RegisteredProviders: ProviderDirectory {
    let registry: RegistryModule

    func offer(of account: AccountID, in state: any StateReader) -> ProviderOffer? {
        guard let provider = registry.provider(account, in: state) else { return nil }
        return ProviderOffer(
            isActive: provider.isActive,
            price: Price(
                base: provider.terms.basePrice, perMillionFuel: provider.terms.pricePerMillionFuel),
            slots: provider.terms.slots)
    }

    func slash(
        _ provider: AccountID, partsPerMillion: UInt32, into escrow: Bytes32,
        in context: ExecutionContext
    ) -> Amount {
        var taken = Amount.zero
        // A slash that the registry refuses must leave nothing half done.
        try? context.atomically { () throws(Refusal) in
            taken = try registry.slash(
                provider, by: .partsPerMillion(partsPerMillion), to: .escrow(.market, escrow),
                reason: "market", in: context)
        }
        return taken
    }
}
