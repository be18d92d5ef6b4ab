// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Registry
import Testing
import Vocabulary

@Suite("Encodings and genesis of the registry")
struct EncodingTests {
    @Test("the encoding of a registration is pinned")
    func registration() {
        let message = RegistryMessage.register(
            RegisterProvider(
                peer: PublicKey(.zero),
                terms: ProviderTerms(
                    endpoint: "h:1", capabilities: ["wasm/1"], basePrice: Amount(1),
                    pricePerMillionFuel: Amount(2), slots: 3),
                bond: Amount(4)))
        let zeros = String(repeating: "00", count: 15)
        let expected =
            "00" + String(repeating: "00", count: 32) + "03683a31" + "01" + "067761736d2f31"
            + "01" + zeros + "02" + zeros + "03000000" + "04" + zeros
        #expect(Hexadecimal.encode(message.canonicalBytes) == expected)
    }

    @Test("messages without fields are their tag")
    func tags() {
        let messages: [RegistryMessage] = [.pause, .resume, .unbond, .withdraw]
        #expect(messages.map(\.canonicalBytes) == [[2], [3], [4], [5]])
    }

    @Test("a provider's record reads back in every status")
    func statuses() throws {
        let statuses: [ProviderStatus] = [
            .bonded, .paused, .jailed(until: Timestamp(5)), .unbonding(until: Timestamp(6)),
            .withdrawn,
        ]
        for status in statuses {
            #expect(try ProviderStatus(canonicalBytes: status.canonicalBytes) == status)
        }
    }

    @Test("figures are read from genesis, kept in the state, and mistakes named with their place")
    func genesis() throws {
        let harbour = try Harbour()
        let read = harbour.registry.parameters(in: harbour.context)
        #expect(read.bondMin == Amount(whole: 100) && read.jailMilliseconds == 200)
        #expect(try RegistryParameters(genesis: read.json) == read)
        #expect(try RegistryParameters(genesis: [:]) == .standard)
        #expect(throws: GenesisFailure(pointer: "/bondMin", reason: "must be above zero")) {
            try RegistryParameters(genesis: ["bondMin": "0"])
        }
        #expect(throws: GenesisFailure.self) { try RegistryParameters(genesis: ["bond": "1"]) }
    }
}
