// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Ledger
import Market
import Testing
import Vocabulary

/// A chain that holds only the market and the books it needs: blocks in, events and balances out.
///
/// Every block checks the market's invariants and that no base unit appears or disappears.
final class MarketWorld {
    let chain = ChainID(SHA256.hash(Array("market tests".utf8)).raw)
    let store = SortedStore()
    private(set) var bank: LedgerBackedBank
    private(set) var directory: StateBackedDirectory
    let evidence = StateBackedEvidence()
    private(set) var module: MarketModule
    private(set) var height = BlockHeight(0)
    private(set) var time = Timestamp(1_000_000)
    private var supply: UInt128 = 0

    static let gold = AssetID(7)
    static let wealth = Amount(1_000_000_000)
    static let bond = Amount(1_000_000)
    let client = account(named: "client")
    let stranger = account(named: "stranger")
    let treasury = account(named: "treasury")
    let providers: [SigningKey]

    /// Starts a chain with six providers of four slots each, unless told otherwise.
    init(genesis: JSON = [:], providers count: Int = 6, slots: UInt32 = 4) throws {
        providers = try (0..<count).map { index in
            try #require(SigningKey(seed: SHA256.hash([UInt8(index)]).raw.bytes))
        }
        bank = LedgerBackedBank()
        directory = StateBackedDirectory(bank: bank)
        module = MarketModule(bank: bank, providers: directory, evidence: evidence)
        let context = newContext()
        try module.initialise(from: genesis, in: context)
        for account in [client, stranger] {
            bank.credit(account, .native, Self.wealth, in: context)
            bank.credit(account, Self.gold, Self.wealth, in: context)
        }
        for key in providers {
            directory.enrol(AccountID(of: key.publicKey), slots: slots, in: context)
            directory.setBond(of: AccountID(of: key.publicKey), Self.bond, in: context)
        }
        commit(context)
        supply = bank.total(in: store) + directory.bonds(in: store)
    }

    static func account(named name: String) -> AccountID {
        AccountID(SHA256.hash(Array(name.utf8)).raw)
    }

    func provider(_ index: Int) -> AccountID { AccountID(of: providers[index].publicKey) }

    var queries: MarketQueries { MarketQueries(store) }

    func newContext() -> ExecutionContext {
        ExecutionContext(
            block: BlockContext(chain: chain, height: height, time: time, proposer: stranger),
            base: store)
    }

    /// Makes payments to an account impossible, or possible again with nil.
    func makeUnpayable(_ account: AccountID?) {
        bank.unpayable = account
        directory = StateBackedDirectory(bank: bank)
        module = MarketModule(bank: bank, providers: directory, evidence: evidence)
    }

    /// Changes what the books hold, outside of any message.
    func arrange(_ body: (ExecutionContext) -> Void) {
        let context = newContext()
        body(context)
        commit(context)
        supply = bank.total(in: store) + directory.bonds(in: store)
    }

    /// Makes a provider inactive.
    func retire(_ index: Int) {
        arrange { directory.enrol(provider(index), isActive: false, slots: 4, in: $0) }
    }

    private func commit(_ context: ExecutionContext) {
        for id in [ModuleID.accounts, .registry, .market, .reputation] {
            store.commit(context.changes(of: id))
        }
    }

    // MARK: - Blocks

    /// What a block did.
    struct Outcome {
        var events: [(job: JobID, event: MarketEvent)] = []
        var refusals: [Refusal] = []

        func names(about job: JobID) -> [String] {
            events.filter { $0.job == job }.map(\.event.name)
        }
    }

    /// Executes one block that comes so many milliseconds after the last.
    @discardableResult
    func block(
        after milliseconds: UInt64 = 1_000, _ messages: [(AccountID, MarketMessage)] = [],
        checkingAll: Bool = true
    ) throws -> Outcome {
        height = height.advanced(by: 1)
        time = time.advanced(by: milliseconds)
        let context = newContext()
        var outcome = Outcome()
        for (sender, message) in messages {
            do {
                try context.atomically { () throws(Refusal) in
                    try module.execute(message.canonicalBytes, from: sender, in: context)
                }
            } catch {
                outcome.refusals.append(error)
            }
        }
        module.endBlock(in: context)
        #expect(module.breaches(after: context) == [])
        outcome.events = try context.events.map { event in
            try (JobID(event.subject), MarketEvent(event))
        }
        commit(context)
        if checkingAll { #expect(module.breaches(in: store) == []) }
        #expect(bank.total(in: store) + directory.bonds(in: store) == supply)
        return outcome
    }

    /// Executes a block with one message and returns why it was refused.
    func refusal(
        after milliseconds: UInt64 = 0, _ sender: AccountID, _ message: MarketMessage
    ) throws -> MarketRefusal? {
        let refusals = try block(after: milliseconds, [(sender, message)]).refusals
        guard let refusal = refusals.first else { return nil }
        #expect(refusal.module == .market)
        return MarketRefusal(rawValue: refusal.code)
    }

    func balance(_ account: AccountID, _ asset: AssetID = .native) -> Amount {
        bank.balance(of: account, asset, in: store)
    }

    func evidence(on index: Int, in job: JobID) -> [ProviderEvidence] {
        evidence.evidence(on: provider(index), in: job, store)
    }
}
