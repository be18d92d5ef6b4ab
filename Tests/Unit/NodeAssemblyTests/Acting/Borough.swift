// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Dispatch
import Effects
import JSONText
import Ledger
import NodeAssembly
import Testing
import Vocabulary

/// A store that is empty for ever: these chains are never committed.
struct BlankStore: KeyValueStore {
    func get(_ key: [UInt8]) throws(DiskFailure) -> [UInt8]? { nil }

    func scan(
        prefix: [UInt8], after: [UInt8]?, limit: Int
    ) throws(DiskFailure) -> [(key: [UInt8], value: [UInt8])] { [] }

    func commit(_ changes: [(key: [UInt8], value: [UInt8]?)]) async throws(DiskFailure) {
        throw .denied(path: "blank")
    }

    func close() async {}
}

/// A chain of all real modules with a few accounts, executed by machines side by side that must
/// agree: one worker, two, and eight.
final class Borough {
    static let noon: UInt64 = 1_795_176_000_000

    let keys: [SigningKey]
    let genesis: Genesis
    let machine: LedgerMachine
    private let others: [(workers: Int, machine: LedgerMachine)]
    private(set) var height: UInt64 = 0
    private(set) var time = noon

    /// - Parameter balances: What each account begins with, in base units.
    init(balances: [Amount], modules: [JSON.Member] = []) throws {
        keys = try balances.indices.map { number in
            try #require(SigningKey(seed: [UInt8](repeating: UInt8(number + 1), count: 32)))
        }
        let held = zip(keys, balances).filter { $0.1 > .zero }.map {
            AccountsGenesis.Balance(AccountID(of: $0.publicKey), $1)
        }
        let validator = GenesisValidator(
            name: "v", publicKey: keys[0].publicKey, stake: 10,
            account: AccountID(of: keys[0].publicKey))
        let parts = [JSON.Member("accounts", AccountsGenesis(balances: held).json)] + modules
        genesis = try Genesis(json: [
            "name": "borough", "time": JSON(Self.noon), "validators": [validator.json],
            "ledger": [
                "feeBase": "0.000000000000000010", "feePerByte": "0",
                "feePerMessage": "0.000000000000000001",
            ],
            "modules": .object(parts),
        ])
        let genesis = genesis
        func open(checking: Bool) throws -> LedgerMachine {
            let house = House()
            return try LedgerMachine.open(
                genesis: genesis, modules: house.modules, fees: house.fees, store: BlankStore(),
                options: LedgerMachine.Options(checksWholeState: checking))
        }
        machine = try open(checking: true)
        others = [(2, try open(checking: false)), (8, try open(checking: false))]
    }

    func account(_ number: Int) -> AccountID { AccountID(of: keys[number].publicKey) }

    func nonce(_ number: Int) -> UInt64 {
        AccountsModule().nextNonce(of: account(number), in: machine)
    }

    func balance(_ number: Int) -> UInt128 {
        AccountsModule().balance(of: account(number), in: machine).units
    }

    func signed(
        _ number: Int, _ messages: [Message], nonce: UInt64? = nil
    ) -> SignedTransaction {
        Transaction(
            chain: genesis.chain, sender: keys[number].publicKey,
            nonce: nonce ?? self.nonce(number),
            feeMax: Amount(whole: 1), validUntil: BlockHeight(height + 100), messages: messages
        ).signed(by: keys[number])
    }

    /// Executes a block on all machines and holds them to one result.
    @discardableResult
    func execute(
        _ cut: [SignedTransaction], milliseconds: UInt64 = 1_000
    ) throws -> BlockResult {
        height += 1
        time += milliseconds
        let block = BlockContext(
            chain: genesis.chain, height: BlockHeight(height), time: Timestamp(time),
            proposer: account(0))
        let checked = CheckedTransaction.check(all: cut, chain: genesis.chain)
        let result = try machine.execute(block, checked: checked)
        for (workers, other) in others {
            let same = try other.execute(block, checked: checked, workers: workers) { count, body in
                DispatchQueue.concurrentPerform(iterations: count) { body($0) }
            }
            #expect(same == result, "\(workers) workers at height \(height)")
        }
        return result
    }

    /// Executes one transaction in a block of its own; the words say what became of it.
    @discardableResult
    func send(_ number: Int, _ messages: Message...) throws -> String {
        let result = try execute([signed(number, messages)])
        return result.outcomes.first.map(Self.words) ?? "nothing"
    }

    static func words(_ outcome: TransactionOutcome) -> String {
        switch outcome.verdict {
        case .applied: "applied"
        case .refused(let refusal): refusal.name
        case .skipped(let refusal): "skipped \(refusal.name)"
        }
    }

    static func pay(_ account: AccountID, _ units: UInt64) -> Message {
        AccountsMessage.transfer(Transfer([.init(to: account, Amount(UInt128(units)))])).message
    }
}
