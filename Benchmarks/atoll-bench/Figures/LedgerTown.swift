// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import JSONText
import Ledger
import Vocabulary

/// A chain with many accounts that pay each other; the first ones are its validators.
struct LedgerTown: Sendable {
    let keys: [SigningKey]
    let accounts: [AccountID]
    let genesis: Genesis

    /// Transfers in one transaction of the multi-output kind.
    static let partsMany = 100

    init(accounts count: Int, validators: Int = 1) throws {
        keys = try (0..<count).map { number in
            guard let key = SigningKey(seed: Dice.bytes32(number).bytes) else {
                throw BenchFailure("no key")
            }
            return key
        }
        accounts = keys.map { AccountID(of: $0.publicKey) }
        let balances = accounts.map { AccountsGenesis.Balance($0, Amount(whole: 1_000)) }
        let committee = zip(keys, accounts).prefix(validators).enumerated().map { seat, pair in
            GenesisValidator(
                name: "validator-\(seat + 1)", publicKey: pair.0.publicKey, stake: 1,
                account: pair.1)
        }
        genesis = try Genesis(
            json: [
                "name": "bench", "time": 1_000, "validators": .array(committee.map(\.json)),
                "modules": ["accounts": AccountsGenesis(balances: balances).json],
            ])
    }

    /// Signed transactions of different senders to random receivers.
    ///
    /// Senders take turns over the blocks, so that each block's nonces are known.
    func block(_ number: Int, of transactions: Int, parts: Int) -> [SignedTransaction] {
        var dice = Dice(seed: UInt64(number))
        return (0..<transactions).map { index in
            let turn = (number - 1) * transactions + index
            let sender = turn % keys.count
            let transfer = Transfer(
                (0..<parts).map { _ in
                    Transfer.Part(to: accounts[dice.below(accounts.count)], Amount(1))
                })
            return Transaction(
                chain: genesis.chain, sender: keys[sender].publicKey,
                nonce: UInt64(turn / keys.count), feeMax: Amount(whole: 1),
                validUntil: BlockHeight(10_000),
                messages: [AccountsMessage.transfer(transfer).message]
            ).signed(by: keys[sender])
        }
    }

    /// The frame of a block.
    func context(_ number: Int) -> BlockContext {
        BlockContext(
            chain: genesis.chain, height: BlockHeight(UInt64(number)),
            time: Timestamp(1_000 + UInt64(number)), proposer: accounts[0])
    }
}
