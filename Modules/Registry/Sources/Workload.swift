// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Random messages for the simulator: mostly sensible, now and then absurd.
public enum RegistryWorkload {
    /// A message that the account of `peer` may send at any time; the chain decides whether it may.
    public static func message(
        of peer: PublicKey, using random: inout some RandomNumberGenerator
    ) -> Message {
        let kind = Int.random(in: 0..<8, using: &random)
        let message: RegistryMessage =
            switch kind {
            case 0, 1:
                .register(
                    RegisterProvider(
                        peer: peer, terms: terms(using: &random),
                        bond: Amount(whole: UInt64.random(in: 50...500, using: &random))))
            case 2:
                .update(
                    UpdateProvider(
                        terms: terms(using: &random),
                        addedBond: Amount(whole: UInt64.random(in: 0...50, using: &random))))
            case 3: .pause
            case 4, 5: .resume
            case 6: .unbond
            default: .withdraw
            }
        return message.message
    }

    private static func terms(
        using random: inout some RandomNumberGenerator
    ) -> ProviderTerms {
        ProviderTerms(
            endpoint: "127.0.0.1:\(UInt16.random(in: 1_024...UInt16.max, using: &random))",
            capabilities: ["wasm/1"],
            basePrice: Amount(UInt128.random(in: 0...1_000_000, using: &random)),
            pricePerMillionFuel: Amount(UInt128.random(in: 0...1_000_000, using: &random)),
            slots: UInt32.random(in: 0...4, using: &random))
    }
}
