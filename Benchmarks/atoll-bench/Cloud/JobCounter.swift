// SPDX-License-Identifier: Apache-2.0
import Accounts
import ClientKit
import Cryptography
import HTTPServer
import Ledger
import Vocabulary

/// A cloud with the word counter uploaded, and clients that order it.
struct JobCounter: Sendable {
    /// The file whose words are counted.
    let text: String
    private let client: GatewayClient
    private let listener: HTTPClient
    private let watch: EndingWatch
    private let genesis: Genesis
    private let work: JobClient.Work

    init(_ cloud: LocalCloud) async throws {
        let effects = cloud.bench.effects
        guard let address = HTTPAddress(try cloud.gateway()) else {
            throw BenchFailure("the gateway's address is none")
        }
        client = GatewayClient(address: address, effects: effects)
        listener = HTTPClient(effects: effects)
        watch = try EndingWatch(gateway: address, client: listener, effects: effects)
        genesis = try cloud.genesis()
        (work, text) = try await JobClient.Work.upload(client)
    }

    /// A client with a key.
    func client(key: SigningKey) -> JobClient {
        JobClient(client, genesis: genesis, key: key, work: work, watch: watch)
    }

    /// Gives so many new keys money from a rich one.
    func fund(_ count: Int, from rich: SigningKey) async throws -> [SigningKey] {
        let keys = (0..<count).compactMap { SigningKey(seed: Dice.bytes32($0).bytes) }
        let sender = TransactionSender(client: client, genesis: genesis, key: rich)
        let parts = keys.map {
            Transfer.Part(to: AccountID(of: $0.publicKey), Amount(whole: 1_000))
        }
        _ = try await sender.send([AccountsMessage.transfer(Transfer(parts)).message])
        return keys
    }

    /// Ends the connections.
    func close() async {
        await client.close()
        await listener.close()
    }
}
