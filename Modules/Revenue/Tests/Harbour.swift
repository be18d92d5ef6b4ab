// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Revenue

/// Balances, purses and pools, kept in the same state as everything else.
struct Coffers: RevenueBank, RevenuePeople, CellBank {
    static let module = ModuleID(99)

    private static func account(_ account: AccountID, _ asset: AssetID) -> [UInt8] {
        [1] + asset.canonicalBytes + account.raw.bytes
    }
    private static func purse(_ asset: AssetID) -> [UInt8] { [2] + asset.canonicalBytes }
    private static func pool(_ pool: UInt64, _ asset: AssetID) -> [UInt8] {
        [3, UInt8(truncatingIfNeeded: pool)] + asset.canonicalBytes
    }
    static let validators: [UInt8] = [4]

    func give(
        _ amount: Amount, _ asset: AssetID = .native, to account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) { add(amount, to: Self.account(account, asset), in: context) }

    func balance(
        of account: AccountID, _ asset: AssetID, in state: any StateReader
    ) -> Amount { amount(Self.account(account, asset), in: state) }

    /// Moves a payment from whoever pays into the purse.
    func fill(
        _ amount: Amount, _ asset: AssetID, from account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.account(account, asset), in: context)
        add(amount, to: Self.purse(asset), in: context)
    }

    // MARK: RevenueBank

    func balance(of account: AccountID, in state: any StateReader) -> Amount {
        amount(Self.account(account, .native), in: state)
    }

    func collect(
        _ amount: Amount, from account: AccountID, in context: ExecutionContext
    ) throws(Refusal) { try fill(amount, .native, from: account, in: context) }

    func purse(of asset: AssetID, in state: any StateReader) -> Amount {
        amount(Self.purse(asset), in: state)
    }

    func pay(
        _ amount: Amount, of asset: AssetID, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.purse(asset), in: context)
        add(amount, to: Self.account(account, asset), in: context)
    }

    func burn(
        _ amount: Amount, of asset: AssetID, in context: ExecutionContext
    ) throws(Refusal) { try take(amount, from: Self.purse(asset), in: context) }

    func give(
        _ amount: Amount, of asset: AssetID, toPool pool: UInt64, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.purse(asset), in: context)
        add(amount, to: Self.pool(pool, asset), in: context)
    }

    func giveValidators(_ amount: Amount, in context: ExecutionContext) throws(Refusal) {
        try take(amount, from: Self.purse(.native), in: context)
        add(amount, to: Self.validators, in: context)
    }

    func hasPool(_ pool: UInt64, in state: any StateReader) -> Bool { pool < 2 }

    func held(of asset: AssetID, byPool pool: UInt64, in state: any StateReader) -> Amount {
        amount(Self.pool(pool, asset), in: state)
    }

    func fillPool(
        _ amount: Amount, of asset: AssetID, pool: UInt64, in context: ExecutionContext
    ) throws(Refusal) { add(amount, to: Self.pool(pool, asset), in: context) }

    func payWork(
        _ amount: Amount, of asset: AssetID, fromPool pool: UInt64, to account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.pool(pool, asset), in: context)
        add(amount, to: Self.account(account, asset), in: context)
    }

    // MARK: RevenuePeople

    /// Accounts 20 and above are orchestrators.
    func isOrchestrator(_ account: AccountID, in state: any StateReader) -> Bool {
        account.raw.bytes[0] >= 20
    }

    /// Account 10 has the worst reputation, 11 the best, everybody else one in the middle.
    func reputation(of provider: AccountID, in state: any StateReader) -> UInt64 {
        switch provider.raw.bytes[0] {
        case 10: 0
        case 11: 1_000_000
        default: 500_000
        }
    }

    /// Accounts 12 and 13 have better machines.
    func capabilities(of provider: AccountID, in state: any StateReader) -> [String] {
        switch provider.raw.bytes[0] {
        case 12: ["h100"]
        case 13: ["h100", "edge"]
        default: []
        }
    }
}

/// A chain whose accounts 0 to 31 have a million units of two assets each.
final class Harbour {
    static let bank = Coffers()
    static let module = RevenueModule(bank: bank, people: bank)
    static let coral = AssetID(5)
    static let plenty = Amount(whole: 1_000_000)
    static let proposer = account(31)

    private(set) var context: ExecutionContext

    init(_ genesis: JSON = [:]) throws {
        context = Self.block(1, over: EmptyState())
        for number in 0..<32 {
            try Self.bank.give(Self.plenty, to: Self.account(number), in: context)
            try Self.bank.give(Self.plenty, Self.coral, to: Self.account(number), in: context)
        }
        try Self.bank.fillPool(Self.plenty, of: Self.coral, pool: 1, in: context)
        try Self.module.initialise(from: genesis, in: context)
    }

    static func account(_ number: Int) -> AccountID {
        AccountID(Bytes32 { $0[0] = UInt8(number) })
    }

    private static func block(
        _ height: UInt64, at time: UInt64 = 1, over base: any StateReader
    ) -> ExecutionContext {
        ExecutionContext(
            block: BlockContext(
                chain: ChainID(.zero), height: BlockHeight(height), time: Timestamp(time),
                proposer: proposer), base: base)
    }

    /// Ends the block and starts the next, so much later.
    func end(after milliseconds: UInt64 = 1) {
        Self.module.endBlock(in: context)
        expectSound()
        context = Self.block(
            context.block.height.value + 1, at: context.block.time.value + milliseconds,
            over: context)
    }

    func send(_ message: RevenueMessage, from number: Int) throws(Refusal) {
        try context.atomically { () throws(Refusal) in
            try Self.module.execute(
                message.message.payload, from: Self.account(number), in: context)
        }
    }

    /// What a transaction's fee does: it goes to who receives the block's fees.
    func fee(_ amount: Amount, from number: Int) throws(Refusal) {
        let receiver = queries.collector(for: Self.proposer)
        try Self.bank.fill(amount, .native, from: Self.account(number), in: context)
        try Self.bank.pay(amount, of: .native, to: receiver, in: context)
    }

    func pay(
        _ amount: Amount, of asset: AssetID = .native, from client: Int, to provider: Int
    ) throws(Refusal) {
        try Self.bank.fill(amount, asset, from: Self.account(client), in: context)
        try Self.module.divide(
            WorkPayment(
                amount, of: asset, from: Self.account(client), to: Self.account(provider),
                service: "jobs"), in: context)
    }

    var queries: RevenueQueries { RevenueQueries(context) }

    /// What an account has more than at the beginning; nothing where it has less.
    func gain(_ number: Int, _ asset: AssetID = .native) -> Amount? {
        Self.bank.balance(of: Self.account(number), asset, in: context)
            .subtracting(Self.plenty)
    }

    func pool(_ number: UInt64, _ asset: AssetID = .native) -> Amount {
        Self.bank.held(of: asset, byPool: number, in: context)
    }

    var validators: Amount { Self.bank.amount(Coffers.validators, in: context) }

    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(Self.module.breaches(after: context) == [], sourceLocation: sourceLocation)
    }
}
