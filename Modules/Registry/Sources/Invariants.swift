// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// What must always hold: a provider's record and the bank agree on its bond, and only one whose
/// bond suffices takes work (REGISTRY-9).
enum RegistryInvariants {
    /// Checks the providers that a block changed. Cost: the block's changes.
    static func breaches(after block: ExecutionContext, bank: any BondBank) -> [String] {
        let bondMin = minimum(in: block)
        return block.changes(of: .registry).flatMap { change in
            change.key.first == RegistryKeys.providerPrefix
                ? breaches(of: change.after, bondMin, bank, in: block) : []
        }
    }

    /// Checks every provider.
    static func breaches(in state: any StateReader, bank: any BondBank) -> [String] {
        let bondMin = minimum(in: state)
        return state.pairs(of: .registry, prefix: [RegistryKeys.providerPrefix]).flatMap {
            breaches(of: $0.value, bondMin, bank, in: state)
        }
    }

    private static func minimum(in state: any StateReader) -> Amount {
        let parameters: RegistryParameters? = RegistryQueries.decoded(
            state.value(.registry, RegistryKeys.parameters))
        return parameters?.bondMin ?? .zero
    }

    private static func breaches(
        of bytes: [UInt8]?, _ bondMin: Amount, _ bank: any BondBank, in state: any StateReader
    ) -> [String] {
        guard let provider: Provider = RegistryQueries.decoded(bytes) else { return [] }
        var found: [String] = []
        let held = bank.bond(of: provider.account, in: state)
        if held != provider.bond {
            found.append("provider \(provider.account): bond \(provider.bond), held \(held)")
        }
        if provider.isActive, provider.bond < bondMin {
            found.append("provider \(provider.account): active with bond \(provider.bond)")
        }
        if provider.status == .withdrawn, provider.bond > .zero {
            found.append("provider \(provider.account): withdrawn with bond \(provider.bond)")
        }
        return found
    }
}
