// SPDX-License-Identifier: Apache-2.0
import Accounts
import Consensus
import Cryptography
import JSONText
import Ledger
import LightClient
import StateTree
import Vocabulary

/// What a phone pays for the balance of one account: the file's bytes, and the time to check them.
enum LightProof {
    static let time = FigureID(
        "light.verify", "ms",
        "header, certificate and account proof read and checked, 100 "
            + "validators", bar: .atMost(5))
    static let size = FigureID(
        "light.bytes", "B", "header, certificate and account proof, 100 validators",
        bar: .atMost(8_000))
    static let benchmark = Benchmark(figures: [time, size], measure: measure)

    private static let validators = 100

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let runs = bench.either(201, quick: 51)
        let keys = bench.either(10_000_000, quick: 100_000)
        bench.say("a state of \(keys) keys")
        return try await bench.compute {
            let made = try Chain(validators: validators, stateKeys: keys)
            let bytes = made.file.bytes
            let verifier = try LightVerifier(genesis: made.genesis)
            let seconds = try timed(runs: runs) {
                let file = try ProofFile(bytes: bytes)
                let found = try verifier.balance(of: made.account, in: file)
                guard found.amount == made.amount else { throw BenchFailure("a wrong balance") }
            }
            let signatures = made.file.sections[0].finality.certificate.signatures.count
            let siblings = made.file.sections[0].entries[0].proof.siblings.count
            let meter =
                "\(signatures) of \(validators) equal validators signed, \(keys) state keys, a "
                + "path of \(siblings)"
            return [
                Measurement(
                    figure: time, value: seconds.median * 1_000,
                    meter: "thread CPU, \(Ed25519Verifier.backend); \(meter); median of \(runs)"),
                Measurement(figure: size, value: Double(bytes.count), meter: meter),
            ]
        }
    }

    /// A certified state with one account among many keys.
    private struct Chain {
        let genesis: Genesis
        let account: AccountID
        let amount = Amount(whole: 12)
        let file: ProofFile

        init(validators count: Int, stateKeys: Int) throws {
            let signers = try (0..<count).map { number in
                guard let key = SigningKey(seed: Dice.bytes32(number).bytes) else {
                    throw BenchFailure("no key")
                }
                return key
            }
            let seats = signers.enumerated().map { place, key in
                GenesisValidator(
                    name: "v\(place)", publicKey: key.publicKey, stake: 1,
                    account: AccountID(of: key.publicKey))
            }
            genesis = try Genesis(json: [
                "name": "light", "time": 1_700_000_000_000,
                "validators": .array(seats.map(\.json)),
            ])
            account = AccountID(Dice.bytes32(stateKeys + 1))
            let key = AccountsKeys.balance(of: account, .native)
            let (proof, root) = Self.proof(
                of: [ModuleID.accounts.value] + key, amount.canonicalBytes, among: stateKeys)
            let header = BlockHeader(
                chain: genesis.chain, epoch: Epoch(0), slot: Slot(9), height: BlockHeight(8),
                parentSlot: Slot(8),
                parent: Digest(Dice.bytes32(1)), timestamp: Timestamp(1_700_000_001_000),
                payloadDigest: Block.digest(of: []), stateHeight: BlockHeight(7), stateRoot: root,
                proposer: signers[0].publicKey)
            let chain = genesis.chain
            let statement = Statement.final(header.slot, header.hash)
            let votes = (0..<count * 2 / 3 + 1).map { place in
                Vote(
                    statement, by: signers[place], validator: UInt16(place), chain: chain,
                    epoch: Epoch(0))
            }
            let entry = ProofEntry(
                module: .accounts, key: key, value: amount.canonicalBytes, proof: proof)
            guard
                let section = ProofSection(
                    header: header,
                    finality: FinalityProof(
                        certificate: Certificate(statement, epoch: Epoch(0), votes: votes)),
                    entries: [entry]),
                let file = ProofFile([section])
            else { throw BenchFailure("no file") }
            self.file = file
        }

        private static func proof(
            of key: [UInt8], _ value: [UInt8], among count: Int
        ) -> (StateProof, Digest) {
            var tree = SparseMerkleTree()
            let step = 1_000_000
            for start in stride(from: 0, to: count, by: step) {
                tree.update(
                    (start..<min(start + step, count)).map { number in
                        SparseMerkleTree.Change(
                            key: Digest(Dice.bytes32(number)),
                            valueHash: Digest(Dice.bytes32(number)))
                    }.sorted { $0.key < $1.key })
            }
            let path = SparseMerkleTree.path(of: key)
            tree.update([SparseMerkleTree.Change(key: path, valueHash: SHA256.hash(value))])
            return (tree.prove(path), tree.root)
        }
    }
}
