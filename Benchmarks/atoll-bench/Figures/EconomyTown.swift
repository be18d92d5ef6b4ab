// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Effects
import JSONText
import Ledger
import NodeAssembly
import Staking
import Vocabulary

/// A chain with the real rooms of law, whose press puts strangers' stake behind its validators.
struct EconomyTown: Sendable {
    let keys: [SigningKey]
    let accounts: [AccountID]
    let genesis: Genesis

    /// Blocks of an epoch.
    static let epochBlocks = 8

    /// - Parameters:
    ///   - people: Accounts with a million units each; the first are the validators.
    ///   - modules: Parts of the genesis besides balances.
    init(people: Int, validators: Int, modules: JSON = [:]) throws {
        keys = try (0..<people).map(Self.key)
        accounts = keys.map { AccountID(of: $0.publicKey) }
        let balances = accounts.map { AccountsGenesis.Balance($0, Amount(whole: 1_000_000)) }
        let committee = zip(keys, accounts).prefix(validators).enumerated().map { seat, pair in
            GenesisValidator(
                name: "validator-\(seat + 1)", publicKey: pair.0.publicKey, stake: 100,
                account: pair.1)
        }
        let parts =
            (modules.members ?? []) + [
                JSON.Member("accounts", AccountsGenesis(balances: balances).json)
            ]
        genesis = try Genesis(
            json: [
                "name": "bench", "time": 1_000, "validators": .array(committee.map(\.json)),
                "ledger": ["checkpointBlocks": JSON(Self.epochBlocks / 2), "epochCheckpoints": 2],
                "modules": .object(parts),
            ])
    }

    private static func key(_ person: Int) throws -> SigningKey {
        guard let key = SigningKey(seed: Dice.bytes32(person).bytes) else {
            throw BenchFailure("no key")
        }
        return key
    }

    /// The account of a person.
    static func account(of person: Int) throws -> AccountID {
        AccountID(of: try key(person).publicKey)
    }

    /// Opens the ledger over a store of its own.
    func open(
        _ bench: Bench, _ name: String, press: Bool = false
    ) async throws -> (machine: LedgerMachine, store: any KeyValueStore) {
        let store = try await bench.effects.disk.openStore(name, bytesMax: 16 << 30)
        let house = House()
        let modules = house.modules + (press ? [StakePress(house: house)] : [])
        let machine = try LedgerMachine.open(
            genesis: genesis, modules: modules, fees: house.fees, store: store)
        try await machine.commit()
        return (machine, store)
    }

    /// A transaction of a person.
    func sign(_ messages: [Message], by person: Int, nonce: Int) -> SignedTransaction {
        Transaction(
            chain: genesis.chain, sender: keys[person].publicKey, nonce: UInt64(nonce),
            feeMax: Amount(whole: 1), validUntil: BlockHeight(20_000), messages: messages
        ).signed(by: keys[person])
    }

    /// The frame of a block, an hour after the one before.
    func context(_ number: Int) -> BlockContext {
        BlockContext(
            chain: genesis.chain, height: BlockHeight(UInt64(number)),
            time: Timestamp(1_000 + UInt64(number) * 3_600_000), proposer: accounts[0])
    }
}

/// Makes accounts and lets each of them delegate, by the modules' own messages, without the
/// signatures that real ones need.
struct StakePress: LedgerModule {
    static let number = ModuleID(250)
    let id = Self.number
    let name = "press"
    let house: House

    /// The message: accounts from a number on, so many, dealt to the validators in turn.
    static func message(first: Int, count: Int, behind validators: [AccountID]) -> Message {
        var encoder = CanonicalEncoder()
        encoder.write(UInt64(first))
        encoder.write(UInt64(count))
        encoder.writeList(validators)
        return Message(module: number, payload: encoder.bytes)
    }

    func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var decoder = CanonicalDecoder(payload)
        guard let first = try? decoder.read(UInt64.self),
            let count = try? decoder.read(UInt64.self),
            let validators = try? decoder.readList(limit: 100) as [AccountID]
        else { return }
        for number in first..<first + count {
            let account = AccountID(Dice.bytes32(10_000_000 + Int(number)))
            let gift = Transfer([Transfer.Part(to: account, Amount(whole: 11))])
            try house.accounts.execute(
                AccountsMessage.transfer(gift).message.payload, from: sender, in: context)
            let order = StakeOrder(
                operator: validators[Int(number) % validators.count], amount: Amount(whole: 10))
            try house.staking.execute(
                StakingMessage.delegate(order).message.payload, from: account, in: context)
        }
    }

    func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {}
}
