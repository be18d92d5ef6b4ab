// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

/// A chain with accounts and a notebook, and people who try everything.
struct Crowd {
    let keys: [SigningKey]
    let accounts: [AccountID]
    let genesis: Genesis
    var random: SeededGenerator
    private var sent: [SignedTransaction] = []

    static let coral = AssetID(7)
    static let fees = AccountsModule()
    static let modules: [any LedgerModule] = [fees, NotebookModule()]

    init(seed: UInt64, people: UInt8 = 6) throws {
        random = SeededGenerator(seed: seed)
        keys = try (1...people).map { number in
            try #require(SigningKey(seed: [UInt8](repeating: number, count: 32)))
        }
        accounts = keys.map { AccountID(of: $0.publicKey) }
        var balances = accounts.dropLast().map { AccountsGenesis.Balance($0, Amount(1_000)) }
        balances += accounts.prefix(2).map {
            AccountsGenesis.Balance($0, Amount(50), of: Self.coral)
        }
        let assets = [AccountsGenesis.NamedAsset(id: Self.coral, symbol: "CRL")]
        let part = AccountsGenesis(assets: assets, balances: balances)
        genesis = try Genesis(
            json: [
                "name": "crowd", "time": 1_000,
                "validators": [
                    ["name": "v1", "publicKey": .string("\(keys[0].publicKey)"), "stake": 1]
                ],
                "ledger": [
                    "feeBase": .string("\(Amount(10))"), "feePerByte": "0",
                    "feePerMessage": .string("\(Amount(5))"), "validityBlocksMax": 50,
                    "outcomeBlocks": 60,
                ],
                "modules": ["accounts": part.json, "notebook": [:]],
            ])
    }

    func open(
        _ store: MemoryStore = MemoryStore(), options: LedgerMachine.Options = .init()
    ) throws -> LedgerMachine {
        try LedgerMachine.open(
            genesis: genesis, modules: Self.modules, fees: Self.fees, store: store,
            options: options)
    }

    mutating func block(_ height: UInt64) -> BlockContext {
        BlockContext(
            chain: genesis.chain, height: BlockHeight(height), time: Timestamp(1_000 + height),
            proposer: accounts[below(accounts.count)])
    }

    mutating func below(_ count: Int) -> Int {
        Int(random.next(upperBound: UInt64(count)))
    }

    func signed(
        _ sender: Int, nonce: UInt64, _ messages: [Message], feeMax: Amount = Amount(1_000),
        validUntil: UInt64 = 40, by signer: Int? = nil
    ) -> SignedTransaction {
        Transaction(
            chain: genesis.chain, sender: keys[sender].publicKey, nonce: nonce, feeMax: feeMax,
            validUntil: BlockHeight(validUntil), messages: messages
        ).signed(by: keys[signer ?? sender])
    }

    static func pay(_ parts: Transfer.Part...) -> Message {
        AccountsMessage.transfer(Transfer(parts)).message
    }

    // MARK: Random cuts

    /// A cut of everything: chains of spends, transfers to oneself, repetitions, wrong nonces, want
    /// of funds, both sections and senders who are in both.
    mutating func cut(_ machine: LedgerMachine) -> [SignedTransaction] {
        var next = accounts.map { Self.fees.nextNonce(of: $0, in: machine) }
        return (0...below(12)).map { _ in
            if !sent.isEmpty, below(10) == 0 { return sent[below(sent.count)] }
            let sender = below(keys.count)
            let isOff = below(12) == 0
            let nonce = isOff ? UInt64(below(Int(next[sender]) + 2)) : next[sender]
            if nonce == next[sender] { next[sender] += 1 }
            let messages = (0...below(6) / 4).map { _ in message(of: sender, machine) }
            let made = signed(
                sender, nonce: nonce, below(40) == 0 ? [] : messages,
                feeMax: below(25) == 0 ? Amount(9) : Amount(1_000),
                validUntil: below(25) == 0 ? UInt64(below(4)) : 40,
                by: below(30) == 0 ? below(keys.count) : nil)
            sent.append(made)
            return made
        }
    }

    private mutating func message(of sender: Int, _ machine: LedgerMachine) -> Message {
        switch below(14) {
        case 0: return NotebookModule.message(.write, key: 1, value: UInt8(below(3)))
        case 1: return NotebookModule.message(.emit, key: 2, value: UInt8(below(3)))
        case 2: return NotebookModule.message(.writeThenRefuse, key: 3, value: 1)
        case 3: return [Self.pay(), Message(module: .accounts, payload: [0, 1, 2])][below(2)]
        case 4: return Message(module: ModuleID(200), payload: [])
        default:
            let parts = (0...below(3)).map { _ in part(of: sender, machine) }
            return AccountsMessage.transfer(Transfer(parts)).message
        }
    }

    private mutating func part(of sender: Int, _ machine: LedgerMachine) -> Transfer.Part {
        let asset = [.native, .native, .native, Self.coral, AssetID(8)][below(5)]
        let held = Self.fees.balance(of: accounts[sender], asset, in: machine).units
        let amount: UInt128 =
            switch below(8) {
            case 0: 0
            case 1: held
            case 2: held + 1
            case 3: held > 20 ? held - 15 : 1
            default: UInt128(below(200))
            }
        return Transfer.Part(to: accounts[below(accounts.count)], Amount(amount), of: asset)
    }
}
