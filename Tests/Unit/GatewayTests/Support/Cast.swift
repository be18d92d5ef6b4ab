// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import JSONText
import Ledger
import Market
import NodeInterface
import Registry
import Testing
import Vocabulary

/// Who takes part, and what they sign.
struct Cast: Sendable {
    let validators: [SigningKey]
    let client: SigningKey
    let providers: [SigningKey]
    /// Parts of the genesis for modules; accounts are the cast's own unless they are named.
    let modules: JSON

    init(modules: JSON = .object([])) throws {
        self.modules = modules
        validators = try (1...4).map { try Self.key($0) }
        client = try Self.key(10)
        providers = try (20...22).map { try Self.key($0) }
    }

    private static func key(_ number: Int) throws -> SigningKey {
        try #require(SigningKey(seed: SHA256.hash([UInt8(number)]).raw.bytes))
    }

    var genesis: Genesis {
        get throws {
            let rich = ([client] + providers).map {
                AccountsGenesis.Balance(AccountID(of: $0.publicKey), Amount(whole: 1_000))
            }
            let names = ["a", "b", "c", "d"]
            let seats = zip(names, validators).map { name, key -> JSON in
                ["name": .string(name), "publicKey": .string("\(key.publicKey)"), "stake": 1]
            }
            return try Genesis(json: [
                "name": "test", "time": 1_700_000_000_000, "validators": .array(seats),
                "ledger": ["checkpointBlocks": 4, "epochCheckpoints": 1],
                "modules": .object(
                    (modules["accounts"] == nil
                        ? [JSON.Member("accounts", AccountsGenesis(balances: rich).json)] : [])
                        + (modules.members ?? [])),
            ])
        }
    }

    /// A signed transaction of any of the cast.
    func sign(
        _ messages: [Message], by key: SigningKey, nonce: UInt64, chain: ChainID,
        validUntil: UInt64 = 1_000
    ) -> SignedTransaction {
        Transaction(
            chain: chain, sender: key.publicKey, nonce: nonce, feeMax: Amount(whole: 1),
            validUntil: BlockHeight(validUntil), messages: messages
        ).signed(by: key)
    }

    /// The client sends some of its balance to the first provider.
    func transfer(nonce: UInt64, chain: ChainID, amount: Amount = Amount(5)) -> SignedTransaction {
        let part = Transfer.Part(to: AccountID(of: providers[0].publicKey), amount)
        let message = AccountsMessage.transfer(Transfer([part]))
        return sign([message.message], by: client, nonce: nonce, chain: chain)
    }
}

// MARK: - A job

extension Cast {
    /// What the providers' terms ask: a base of 100 and 1 for each million units of fuel, 101 and
    /// so on.
    func registration(_ index: Int) -> Message {
        let terms = ProviderTerms(
            endpoint: "127.0.0.1:\(9_000 + index)", capabilities: ["wasm/1"],
            basePrice: Amount(100 + UInt128(index)), pricePerMillionFuel: Amount(1), slots: 4)
        let message = RegisterProvider(
            peer: providers[index].publicKey, terms: terms, bond: Amount(whole: 100))
        return RegistryMessage.register(message).message
    }

    func terms(salt: UInt8 = 0, deadline: UInt64 = 1_700_001_000_000) -> OrderTerms {
        OrderTerms(
            moduleDigest: SHA256.hash([1]), inputDigest: SHA256.hash([2]), arguments: ["--count"],
            limits: JobLimits(
                fuelMax: Fuel(100_000_000), memoryBytesMax: 65_536, outputBytesMax: 4_000_000,
                wallMilliseconds: 5_000),
            replicas: 2, maxCost: Amount(2_000), deadline: Timestamp(deadline),
            salt: SHA256.hash([salt]).raw)
    }

    func result(of output: JobOutput) -> JobResult {
        JobResult(
            outcome: .exited(code: 3), outputDigest: SHA256.hash(output.canonicalBytes),
            outputBytes: UInt64(output.standardOutput.count + output.standardError.count),
            fuelUsed: Fuel(2_500_000))
    }

    static func message(_ message: MarketMessage) -> Message {
        Message(module: .market, payload: message.canonicalBytes)
    }

    func bid(_ index: Int, on job: JobID) -> Message {
        let price = Price(base: Amount(100 + UInt128(index)), perMillionFuel: Amount(1))
        return Self.message(.placeBid(PlaceBid(job: job, price: price)))
    }

    func commitment(_ index: Int, _ result: JobResult, in job: JobID) -> Message {
        let provider = AccountID(of: providers[index].publicKey)
        let commitment = result.commitment(salt: salt(index), provider: provider)
        return Self.message(.commitResult(CommitResult(job: job, commitment: commitment)))
    }

    func revelation(
        _ index: Int, _ result: JobResult, in job: JobID, chain: ChainID
    ) -> Message {
        let key = providers[index]
        let statement = ResultStatement(
            chain: chain, job: job, provider: AccountID(of: key.publicKey),
            resultDigest: result.digest)
        return Self.message(
            .revealResult(
                RevealResult(
                    job: job, result: result, salt: salt(index), key: key.publicKey,
                    signature: key.sign(statement.signedBytes))))
    }

    private func salt(_ index: Int) -> Bytes32 { SHA256.hash([9, UInt8(index)]).raw }
}
