// SPDX-License-Identifier: Apache-2.0
import Accounts
import ClientKit
import Cryptography
import Ledger
import Vocabulary

/// Transfers of many accounts of a cloud, signed ahead.
struct SignedLoad: Sendable {
    let client: GatewayClient
    private let genesis: Genesis
    private let keys: [SigningKey]
    private let height: BlockHeight

    /// Makes accounts and gives each of them money; at most 1,024, the parts of one transfer.
    init(_ cloud: LocalCloud, accounts: Int) async throws {
        guard let client = GatewayClient(try cloud.gateway(), effects: cloud.bench.effects) else {
            throw BenchFailure("the cloud has no gateway")
        }
        self.client = client
        genesis = try cloud.genesis()
        keys = (0..<accounts).compactMap { number in
            SigningKey(seed: Array(Dice.bytes32(number + (1 << 40)).bytes))
        }
        let parts = keys.map { Transfer.Part(to: AccountID(of: $0.publicKey), Amount(whole: 5)) }
        let sender = TransactionSender(
            client: client, genesis: genesis, key: try cloud.clientKey())
        _ = try await sender.send([AccountsMessage.transfer(Transfer(parts)).message])
        height = try await client.status().height
    }

    /// So many transactions of each account, first all first ones, then all second ones.
    func sign(_ count: Int, _ bench: Bench) async throws -> [SignedTransaction] {
        try await bench.compute { try self.sign(count) }
    }

    private func sign(_ count: Int) throws -> [SignedTransaction] {
        let builders = keys.map { TransactionBuilder(genesis: genesis, key: $0) }
        return try (0..<UInt64(count)).flatMap { nonce in
            try builders.enumerated().map { place, builder in
                let next = builders[(place + 1) % builders.count].account
                let transfer = Transfer([Transfer.Part(to: next, Amount(1))])
                return try builder.build(
                    [AccountsMessage.transfer(transfer).message], nonce: nonce, height: height)
            }
        }
    }

    /// Bodies one after the other, each after its length in two bytes.
    static func framed(_ bodies: [[UInt8]]) -> [UInt8] {
        bodies.flatMap { [UInt8($0.count >> 8), UInt8($0.count & 0xFF)] + $0 }
    }

    func close() async { await client.close() }
}
