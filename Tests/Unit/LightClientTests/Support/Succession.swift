// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import JSONText
import Ledger
import LightClient
import StateTree
import Testing
import Validators
import Vocabulary

/// A chain with an epoch every eight blocks, whose sets a test chooses.
struct Succession {
    let genesis: Genesis
    /// The keys of each epoch's validators, equal in weight, from epoch 0 on.
    private(set) var keys: [[SigningKey]]

    static let blocks: UInt64 = 8

    /// - Parameter founders: The numbers of the keys of epoch 0.
    init(_ founders: Range<UInt16> = 0..<4, name: String = "succession") throws {
        keys = [founders.map(TrustedChain.key)]
        let seats = keys[0].enumerated().map { place, key in
            GenesisValidator(
                name: "v\(place)", publicKey: key.publicKey, stake: 1,
                account: AccountID(of: key.publicKey))
        }
        genesis = try Genesis(json: [
            "name": .string(name), "time": 1_700_000_000_000,
            "validators": .array(seats.map(\.json)),
            "ledger": ["checkpointBlocks": 8, "epochCheckpoints": 1],
        ])
    }

    static func set(_ keys: [SigningKey]) throws -> ValidatorSet {
        try ValidatorSet(keys.map { Validator(key: $0.publicKey, stake: 1) })
    }

    func header(_ epoch: Int, state: UInt64? = nil, root: Digest = .zero) -> BlockHeader {
        let cut = UInt64(epoch + 1) * Self.blocks
        return BlockHeader(
            chain: genesis.chain, epoch: Epoch(UInt64(epoch)), slot: Slot(2 * cut + 3),
            height: BlockHeight(cut + 2), parentSlot: Slot(2 * cut + 2), parent: SHA256.hash([1]),
            timestamp: Timestamp(1_700_000_000_000 + cut), payloadDigest: Block.digest(of: []),
            stateHeight: BlockHeight(state ?? cut), stateRoot: root, proposer: PublicKey(.zero))
    }

    func finality(of header: BlockHeader, by keys: [SigningKey]) -> FinalityProof {
        let statement = Statement.final(header.slot, header.hash)
        let votes = keys.prefix(keys.count * 2 / 3 + 1).enumerated().map { place, key in
            Vote(
                statement, by: key, validator: UInt16(place), chain: genesis.chain,
                epoch: header.epoch)
        }
        return FinalityProof(
            certificate: Certificate(statement, epoch: header.epoch, votes: votes))
    }

    /// How a set is handed over to, signed by the keys of the epoch that ends, or by others.
    func handover(
        _ epoch: Int, to next: [SigningKey], by signers: [SigningKey]? = nil,
        state: UInt64? = nil, names successor: UInt64? = nil, key: [UInt8] = ValidatorsKeys.nextSet
    ) throws -> Handover {
        let set = NextSet(
            epoch: Epoch(successor ?? UInt64(epoch + 1)), validators: try Self.set(next))
        let path = SparseMerkleTree.path(of: [ModuleID.validators.value] + key)
        var tree = SparseMerkleTree()
        tree.update([
            SparseMerkleTree.Change(key: path, valueHash: SHA256.hash(set.canonicalBytes))
        ])
        let header = header(epoch, state: state, root: tree.root)
        return Handover(
            header: header, finality: finality(of: header, by: signers ?? keys[epoch]), next: set,
            proof: tree.prove(path))
    }

    /// Ends the newest epoch with a handover to these keys.
    mutating func hand(to numbers: Range<UInt16>) throws -> Handover {
        let next = numbers.map(TrustedChain.key)
        let handover = try handover(keys.count - 1, to: next)
        keys.append(next)
        return handover
    }

    /// Handovers of so many epochs, each with another key than the one before in one place.
    mutating func handovers(_ count: UInt16) throws -> [Handover] {
        try (1...count).map { try hand(to: $0..<$0 + 4) }
    }
}
