// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Ledger
import LedgerSupport
import Registry
import Testing
import Vocabulary

/// A bank with one balance and one bond an account, kept in the same state as everything else.
struct HarbourBank: BondBank, CellBank {
    static let module = ModuleID(99)

    static func balanceKey(_ account: AccountID) -> [UInt8] { [1] + account.raw.bytes }
    static func bondKey(_ account: AccountID) -> [UInt8] { [2] + account.raw.bytes }

    func holdBond(
        _ amount: Amount, of owner: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.balanceKey(owner), in: context)
        add(amount, to: Self.bondKey(owner), in: context)
    }

    func releaseBond(
        _ amount: Amount, of owner: AccountID, to destination: BondDestination,
        in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.bondKey(owner), in: context)
        switch destination {
        case .account(let account): add(amount, to: Self.balanceKey(account), in: context)
        case .escrow(_, let id): add(amount, to: [3] + id.bytes, in: context)
        case .burnt: break
        }
    }

    func bond(of owner: AccountID, in state: any StateReader) -> Amount {
        amount(Self.bondKey(owner), in: state)
    }
}

/// A state with one rich account, and the module over it; time moves by new blocks.
final class Harbour {
    let bank = HarbourBank()
    let registry: RegistryModule
    let key: SigningKey
    let provider: AccountID
    private(set) var context: ExecutionContext

    init() throws {
        registry = RegistryModule(bank: bank)
        key = try #require(SigningKey(seed: [UInt8](repeating: 3, count: 32)))
        provider = AccountID(of: key.publicKey)
        context = .block(1_000, at: 1_000, over: EmptyState())
        let genesis: JSON = [
            "bondMin": "100", "unbondingMilliseconds": 500, "jailMilliseconds": 200,
        ]
        try registry.initialise(from: genesis, in: context)
        bank.add(Amount(whole: 1_000), to: HarbourBank.balanceKey(provider), in: context)
    }

    /// Starts a block at a later time.
    func pass(to time: UInt64) { context = .block(time, at: time, over: StateAfter(context)) }

    func send(_ message: RegistryMessage, from sender: AccountID? = nil) throws(Refusal) {
        try context.atomically { () throws(Refusal) in
            try registry.execute(
                message.message.payload, from: sender ?? provider, in: context)
        }
    }

    func terms(
        endpoint: String = "127.0.0.1:9000", capabilities: [String] = ["wasm/1"], slots: UInt32 = 2
    ) -> ProviderTerms {
        ProviderTerms(
            endpoint: endpoint, capabilities: capabilities, basePrice: Amount(5),
            pricePerMillionFuel: Amount(7), slots: slots)
    }

    func register(bond: UInt64 = 200) throws(Refusal) {
        try send(
            .register(
                RegisterProvider(peer: key.publicKey, terms: terms(), bond: Amount(whole: bond))))
    }

    var record: Provider? { registry.provider(provider, in: context) }
    var balance: Amount { bank.amount(HarbourBank.balanceKey(provider), in: context) }

    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(registry.breaches(after: context) == [], sourceLocation: sourceLocation)
        #expect(registry.breaches(in: context) == [], sourceLocation: sourceLocation)
    }
}
