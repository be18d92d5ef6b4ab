// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identities
import Identity
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

/// A bank with one balance and one bond an account, kept in the same state as everything else.
struct ChanceryBank: IssuerBank, CellBank {
    static let module = ModuleID(99)

    static func balanceKey(_ account: AccountID) -> [UInt8] { [1] + account.raw.bytes }
    static func bondKey(_ account: AccountID) -> [UInt8] { [2] + account.raw.bytes }

    func holdBond(
        _ amount: Amount, of issuer: AccountID, from payer: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.balanceKey(payer), in: context)
        add(amount, to: Self.bondKey(issuer), in: context)
    }

    func releaseBond(
        _ amount: Amount, of issuer: AccountID, to account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.bondKey(issuer), in: context)
        add(amount, to: Self.balanceKey(account), in: context)
    }

    func burnBond(
        _ amount: Amount, of issuer: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.bondKey(issuer), in: context)
    }

    func bond(of issuer: AccountID, in state: any StateReader) -> Amount {
        amount(Self.bondKey(issuer), in: state)
    }
}

/// A state with rich accounts, and the module over it; time moves by new blocks.
final class Chancery {
    static let chain = ChainID(SHA256.hash([42]).raw)
    /// 2026-11-20T12:00:00Z.
    static let noon: UInt64 = 1_795_176_000_000

    let bank = ChanceryBank()
    let identities: IdentitiesModule
    private(set) var context: ExecutionContext

    /// The account that does what was decided.
    static let law = AccountID(Bytes32 { $0[31] = 77 })

    init(
        _ genesis: JSON = ["bondPerType": "100", "retiringMilliseconds": 500],
        rules: any RulesClock = NewestRules()
    ) throws {
        identities = IdentitiesModule(bank: bank, law: Self.law, rules: rules)
        context = .block(Self.noon, at: Self.noon, on: Self.chain, over: EmptyState())
        try identities.initialise(from: genesis, in: context)
        for seed in UInt8(1)...9 {
            bank.add(
                Amount(whole: 1_000), to: ChanceryBank.balanceKey(try account(seed)), in: context)
        }
    }

    /// Starts a block so many milliseconds after noon.
    func pass(to milliseconds: UInt64) {
        context = .block(
            Self.noon + milliseconds, at: Self.noon + milliseconds, on: Self.chain,
            over: StateAfter(context))
    }

    func send(_ message: IdentitiesMessage, from sender: AccountID) throws(Refusal) {
        try context.atomically { () throws(Refusal) in
            try identities.execute(message.message.payload, from: sender, in: context)
        }
    }

    // MARK: Keys and logs

    func key(_ seed: UInt8) throws -> SigningKey {
        try #require(SigningKey(seed: [UInt8](repeating: seed, count: 32)))
    }

    func account(_ seed: UInt8) throws -> AccountID { AccountID(of: try key(seed).publicKey) }

    /// The beginning of an identity whose recovery key is that of `spare`.
    func new(_ seed: UInt8, spare: UInt8 = 99) throws -> NewIdentity {
        NewIdentity(
            of: try key(seed), recovery: IdentityRecord.commitment(to: try key(spare).publicKey),
            chain: Self.chain)
    }

    func create(_ seeds: UInt8...) throws {
        let identities = try seeds.map { try new($0) }
        try send(.create(CreateIdentities(identities)), from: try account(9))
    }

    func record(_ account: AccountID) -> IdentityRecord? {
        IdentitiesQueries(context).identity(account, chain: Self.chain)
    }

    /// The next operation of an identity as the state has it.
    func next(
        _ action: IdentityAction, of account: AccountID, by key: SigningKey
    ) throws -> SignedOperation {
        let record = try #require(self.record(account))
        return SignedOperation(
            IdentityOperation(
                chain: Self.chain, subject: account, sequence: record.count,
                previous: record.last, action: action), by: key)
    }

    func submit(_ operations: SignedOperation..., from sender: UInt8 = 9) throws {
        try send(.submit(SubmitOperations(operations)), from: try account(sender))
    }

    // MARK: Issuers

    func register(_ seed: UInt8, types: [String] = ["ServiceLicence"]) throws {
        let issuer = try account(seed)
        try send(
            .registerIssuer(
                RegisterIssuer(
                    issuer: issuer, types: types, address: "https://issuer.example",
                    bond: Amount(whole: 200))), from: issuer)
    }

    func issuer(_ seed: UInt8) throws -> Issuer {
        try #require(IdentitiesQueries(context).issuer(account(seed)))
    }

    func balance(_ seed: UInt8) throws -> Amount {
        bank.amount(ChanceryBank.balanceKey(try account(seed)), in: context)
    }

    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(identities.breaches(after: context) == [], sourceLocation: sourceLocation)
        #expect(identities.breaches(in: context) == [], sourceLocation: sourceLocation)
    }
}
