// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import LedgerSupport
import Registry
import Testing
import Vocabulary

@Suite("A provider's life")
struct LifeTests {
    let harbour: Harbour

    init() throws { harbour = try Harbour() }

    @Test("registering holds the bond and makes the provider active (REGISTRY-3)")
    func register() throws {
        try harbour.register()
        let record = try #require(harbour.record)
        #expect(record.isActive && record.bond == Amount(whole: 200))
        #expect(record.peer == harbour.key.publicKey && record.terms == harbour.terms())
        #expect(harbour.balance == Amount(whole: 800))
        #expect(refusal { try harbour.register() } == "alreadyRegistered")
        #expect(harbour.balance == Amount(whole: 800))
        harbour.expectSound()
    }

    @Test("the least bond is enough and one unit less is not")
    func leastBond() throws {
        let below = try #require(Amount(whole: 100).subtracting(Amount(1)))
        let message = RegisterProvider(
            peer: harbour.key.publicKey, terms: harbour.terms(), bond: below)
        #expect(refusal { try harbour.send(.register(message)) } == "bondTooSmall")
        try harbour.register(bond: 100)
        #expect(harbour.record?.isActive == true)
    }

    @Test("nobody registers another's key, or a bond it has not")
    func registerRefusals() {
        let other = AccountID(.zero)
        let message = RegisterProvider(
            peer: harbour.key.publicKey, terms: harbour.terms(), bond: Amount(whole: 200))
        #expect(refusal { try harbour.send(.register(message), from: other) } == "notPeerKey")
        #expect(refusal { try harbour.register(bond: 1_001) } == "poor")
        #expect(harbour.record == nil)
    }

    @Test("terms are checked: endpoint, capabilities, slots (REGISTRY-2)")
    func terms() throws {
        try harbour.register()
        let cases: [(ProviderTerms, String?)] = [
            (harbour.terms(endpoint: ""), "badEndpoint"),
            (harbour.terms(endpoint: "a b"), "badEndpoint"),
            (harbour.terms(endpoint: "ä:1"), "badEndpoint"),
            (harbour.terms(endpoint: String(repeating: "a", count: 261)), "malformedMessage"),
            (harbour.terms(endpoint: String(repeating: "a", count: 260)), nil),
            (harbour.terms(capabilities: []), "badCapabilities"),
            (harbour.terms(capabilities: ["WASM"]), "badCapabilities"),
            (harbour.terms(capabilities: ["a", "a"]), "badCapabilities"),
            (harbour.terms(capabilities: ["b", "a"]), nil),
            (harbour.terms(slots: 0), "badSlots"),
            (harbour.terms(slots: 1_025), "badSlots"),
            (harbour.terms(slots: 1_024), nil),
        ]
        for (terms, expected) in cases {
            #expect(
                refusal { try harbour.send(.update(UpdateProvider(terms: terms))) } == expected)
        }
    }

    @Test("an update replaces terms and adds to the bond (REGISTRY-4)")
    func update() throws {
        try harbour.register()
        let terms = harbour.terms(endpoint: "192.0.2.1:80", slots: 9)
        try harbour.send(.update(UpdateProvider(terms: terms, addedBond: Amount(whole: 50))))
        #expect(harbour.record?.terms == terms)
        #expect(harbour.record?.bond == Amount(whole: 250))
        #expect(harbour.balance == Amount(whole: 750))
        harbour.expectSound()
    }

    @Test("a paused provider takes no work until it resumes (REGISTRY-5)")
    func pause() throws {
        try harbour.register()
        #expect(refusal { try harbour.send(.resume) } == "wrongStatus")
        try harbour.send(.pause)
        #expect(harbour.record?.status == .paused)
        #expect(refusal { try harbour.send(.pause) } == "wrongStatus")
        try harbour.send(.resume)
        #expect(harbour.record?.isActive == true)
    }

    @Test("a bond comes back after the delay, not a millisecond earlier, and once (REGISTRY-7)")
    func leave() throws {
        try harbour.register()
        #expect(refusal { try harbour.send(.withdraw) } == "wrongStatus")
        try harbour.send(.unbond)
        #expect(harbour.record?.status == .unbonding(until: Timestamp(1_500)))
        #expect(refusal { try harbour.send(.unbond) } == "wrongStatus")
        #expect(refusal { try harbour.send(.resume) } == "wrongStatus")
        harbour.pass(to: 1_499)
        #expect(refusal { try harbour.send(.withdraw) } == "tooEarly")
        harbour.pass(to: 1_500)
        try harbour.send(.withdraw)
        #expect(harbour.balance == Amount(whole: 1_000))
        #expect(harbour.record?.status == .withdrawn)
        #expect(refusal { try harbour.send(.withdraw) } == "wrongStatus")
        harbour.expectSound()
        try harbour.register()
        #expect(harbour.record?.isActive == true)
        #expect(harbour.record?.since == BlockHeight(1_000))
    }

    @Test("who never registered can do nothing")
    func stranger() {
        for message in [RegistryMessage.pause, .resume, .unbond, .withdraw] {
            #expect(refusal { try harbour.send(message) } == "unknownProvider")
        }
    }

    @Test("providers are listed by page in order of account")
    func listing() throws {
        var accounts: [AccountID] = []
        for number in UInt8(10)..<15 {
            let key = try #require(SigningKey(seed: [UInt8](repeating: number, count: 32)))
            let account = AccountID(of: key.publicKey)
            harbour.bank.add(
                Amount(whole: 100), to: HarbourBank.balanceKey(account), in: harbour.context)
            try harbour.send(
                .register(
                    RegisterProvider(
                        peer: key.publicKey, terms: harbour.terms(), bond: Amount(whole: 100))),
                from: account)
            accounts.append(account)
        }
        let first = RegistryQueries(harbour.context).providers(limit: 3)
        let rest = RegistryQueries(harbour.context).providers(after: first.last?.account)
        #expect((first + rest).map(\.account) == accounts.sorted())
    }
}
