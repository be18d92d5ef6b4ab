// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Random messages for the simulator: mostly sensible, now and then absurd.
public enum RegistryWorkload {
    /// A message that the account of `peer` may send at any time; the chain decides whether it may.
    public static func message(
        of peer: PublicKey, using random: inout some RandomNumberGenerator
    ) -> Message {
        let kind = random.next(upperBound: 8 as UInt64)
        let message: RegistryMessage =
            switch kind {
            case 0, 1:
                .register(
                    RegisterProvider(
                        peer: peer, terms: terms(using: &random),
                        bond: Amount(whole: 50 + random.next(upperBound: 451))))
            case 2:
                .update(
                    UpdateProvider(
                        terms: terms(using: &random),
                        addedBond: Amount(whole: random.next(upperBound: 51))))
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
            endpoint: "127.0.0.1:\(1_024 + random.next(upperBound: 64_512 as UInt64))",
            capabilities: ["wasm/1"],
            basePrice: Amount(UInt128(random.next(upperBound: 1_000_001 as UInt64))),
            pricePerMillionFuel: Amount(UInt128(random.next(upperBound: 1_000_001 as UInt64))),
            slots: random.next(upperBound: 5))
    }
}
