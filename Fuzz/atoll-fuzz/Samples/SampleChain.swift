// SPDX-License-Identifier: Apache-2.0
import Accounts
import Consensus
import Cryptography
import JSONText
import Ledger
import StateTree
import Vocabulary

/// Four validators and a short chain of theirs, all from small numbers.
struct SampleChain {
    let keys: [SigningKey]
    let genesis: Genesis
    let validators: ValidatorSet
    /// Three blocks, each on the one before, in slots 1, 2 and 4.
    let blocks: [Block]

    /// The chain all targets share.
    static let shared = SampleChain()

    private init() {
        keys = (1...4).compactMap { SigningKey(seed: [UInt8](repeating: $0, count: 32)) }
        let seats = keys.enumerated().map { place, key in
            GenesisValidator(
                name: "validator-\(place)", publicKey: key.publicKey, stake: 10,
                account: AccountID(of: key.publicKey)
            ).json
        }
        guard
            let genesis = try? Genesis(json: [
                "name": "fuzz", "time": 1_700_000_000_000, "validators": .array(seats),
            ]), let validators = try? ValidatorSet(of: genesis)
        else { preconditionFailure("the sample chain has a genesis") }
        self.genesis = genesis
        self.validators = validators
        let first = Self.block(genesis, slot: 1, on: nil, by: keys, validators)
        let second = Self.block(genesis, slot: 2, on: first, by: keys, validators)
        blocks = [first, second, Self.block(genesis, slot: 4, on: second, by: keys, validators)]
    }

    /// The block that a slot's leader makes on another.
    func block(slot: UInt64, on parent: Block?, payload: [UInt8] = []) -> Block {
        Self.block(genesis, slot: slot, on: parent, by: keys, validators, payload)
    }

    private static func block(
        _ genesis: Genesis, slot: UInt64, on parent: Block?, by keys: [SigningKey],
        _ validators: ValidatorSet, _ payload: [UInt8] = Payload.empty.canonicalBytes
    ) -> Block {
        let schedule = LeaderSchedule(
            chain: genesis.chain, epoch: Epoch(0), firstSlot: Slot(1), validators: validators)
        let header = BlockHeader(
            chain: genesis.chain, epoch: Epoch(0), slot: Slot(slot),
            height: (parent?.header.height ?? BlockHeight(0)).advanced(by: 1),
            parentSlot: parent?.header.slot ?? Slot(0), parent: parent?.hash ?? .zero,
            timestamp: Timestamp(slot &* 1_000), payloadDigest: Block.digest(of: payload),
            stateHeight: BlockHeight(0), stateRoot: .zero,
            proposer: schedule.leaderKey(of: Slot(slot)))
        guard let block = Block(header: header, payload: payload) else {
            preconditionFailure("the payload is the header's")
        }
        return block
    }

    /// The key of a place in the set, which may order keys in its own way.
    func key(_ place: Int) -> SigningKey {
        let key = validators.validators[place].key
        return keys.first { $0.publicKey == key } ?? keys[0]
    }

    func vote(_ statement: Statement, by place: Int) -> Vote {
        Vote(
            statement, by: key(place), validator: UInt16(place), chain: genesis.chain,
            epoch: Epoch(0))
    }

    func certificate(_ statement: Statement, by places: [Int] = [0, 1, 2]) -> Certificate {
        Certificate(statement, epoch: Epoch(0), votes: places.map { vote(statement, by: $0) })
    }

    func proposal(_ block: Block, parent: Certificate?, skips: [Certificate] = []) -> Proposal {
        let leader = keys.first { $0.publicKey == block.header.proposer } ?? keys[0]
        return Proposal(
            block, by: leader, justification: Justification(parent: parent, skips: skips))
    }

    /// The last block as a leader proposes it.
    var proposal: Proposal {
        proposal(
            blocks[2], parent: certificate(.notar(Slot(2), blocks[1].hash)),
            skips: [certificate(.skip(Slot(3)))])
    }

    /// The chain, final.
    var finalized: [FinalizedBlock] {
        [
            FinalizedBlock(
                block: blocks[0],
                proof: FinalityProof(
                    certificate: certificate(.final(Slot(2), blocks[1].hash)),
                    descendants: [blocks[1].header])),
            FinalizedBlock(
                block: blocks[2],
                proof: FinalityProof(certificate: certificate(.final(Slot(4), blocks[2].hash)))),
        ]
    }

    /// Two votes that contradict each other.
    var evidence: EquivocationEvidence {
        .votes(vote(.skip(Slot(1)), by: 0), vote(.final(Slot(1), blocks[0].hash), by: 0))
    }

    /// Payments of one account.
    var transactions: [SignedTransaction] {
        (0..<2).map { nonce in
            let transfer = AccountsMessage.transfer(
                Transfer([Transfer.Part(to: AccountID(of: keys[1].publicKey), Amount(7))]))
            return Transaction(
                chain: genesis.chain, sender: keys[0].publicKey, nonce: UInt64(nonce),
                feeMax: Amount(1_000), validUntil: BlockHeight(100), messages: [transfer.message]
            ).signed(by: keys[0])
        }
    }

    /// A value of the state with its path.
    var stateProof: StateProof {
        var tree = SparseMerkleTree()
        let paths = (0..<8 as Range<UInt8>).map { SparseMerkleTree.path(of: [$0]) }
        tree.update(
            paths.map { SparseMerkleTree.Change(key: $0, valueHash: SHA256.hash([1])) }
                .sorted { $0.key < $1.key })
        return tree.prove(paths[0])
    }
}
