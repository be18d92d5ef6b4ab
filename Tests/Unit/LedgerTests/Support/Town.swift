// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Ledger
import Testing
import Vocabulary

/// A chain with a few people on it.
struct Town {
    let alice: SigningKey
    let bob: SigningKey
    let proposer = AccountID(Bytes32 { $0[0] = 9 })
    let genesis: Genesis

    init(extra: [JSON.Member] = [], outcomeBlocks: UInt64 = 100, heartbeat: Bool = false) throws {
        alice = try #require(SigningKey(seed: [UInt8](repeating: 1, count: 32)))
        bob = try #require(SigningKey(seed: [UInt8](repeating: 2, count: 32)))
        var notebook: [JSON.Member] = [
            JSON.Member(
                "balances",
                [
                    [
                        "account": .string("\(AccountID(of: alice.publicKey))"),
                        "amount": "1000",
                    ]
                ])
        ]
        if heartbeat { notebook.append(JSON.Member("heartbeat", true)) }
        genesis = try Genesis(
            json: .object(
                [
                    JSON.Member("name", "town"), JSON.Member("time", 1_000),
                    JSON.Member(
                        "validators",
                        [["name": "v1", "publicKey": .string("\(bob.publicKey)"), "stake": 1]]),
                    JSON.Member(
                        "ledger",
                        [
                            "feeBase": "1", "feePerByte": "0.001", "feePerMessage": "0.5",
                            "validityBlocksMax": 50, "outcomeBlocks": JSON(outcomeBlocks),
                        ]),
                    JSON.Member("modules", .object([JSON.Member("notebook", .object(notebook))])),
                ] + extra))
    }

    var account: AccountID { AccountID(of: alice.publicKey) }

    func open(
        _ store: MemoryStore = MemoryStore(), options: LedgerMachine.Options = .init()
    ) throws -> LedgerMachine {
        let notebook = NotebookModule()
        return try LedgerMachine.open(
            genesis: genesis, modules: [notebook], fees: notebook, store: store, options: options)
    }

    func block(_ height: UInt64) -> BlockContext {
        BlockContext(
            chain: genesis.chain, height: BlockHeight(height), time: Timestamp(1_000 + height),
            proposer: proposer)
    }

    func unsigned(
        nonce: UInt64, _ messages: [Message], feeMax: Amount = Amount(whole: 10),
        validUntil: UInt64 = 20, chain: ChainID? = nil, sender: PublicKey? = nil
    ) -> Transaction {
        Transaction(
            chain: chain ?? genesis.chain, sender: sender ?? alice.publicKey, nonce: nonce,
            feeMax: feeMax, validUntil: BlockHeight(validUntil), messages: messages)
    }

    /// A transaction of Alice that writes one note.
    func note(_ nonce: UInt64, key: UInt8 = 1, value: UInt8 = 7) -> SignedTransaction {
        unsigned(nonce: nonce, [NotebookModule.message(.write, key: key, value: value)])
            .signed(by: alice)
    }

    func fee(of transaction: SignedTransaction) throws -> Amount {
        try #require(genesis.parameters.fee(of: transaction))
    }
}
