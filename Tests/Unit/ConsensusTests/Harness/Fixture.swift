// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

@testable import Consensus

/// Keys, validators and signed things for tests, all derived from small numbers.
struct Fixture {
    let keys: [SigningKey]
    let validators: ValidatorSet
    let chain: ChainID
    var configuration: ConsensusConfiguration

    init(stakes: [UInt128] = [1, 1, 1, 1], chain: UInt8 = 7) {
        keys = stakes.indices.map { Fixture.key(UInt8($0)) }
        do {
            validators = try ValidatorSet(
                zip(keys, stakes).filter { $0.1 > 0 }.map {
                    Validator(key: $0.publicKey, stake: $1)
                })
        } catch { preconditionFailure("the fixture's validators are valid: \(error)") }
        self.chain = ChainID(Fixture.bytes(chain))
        configuration = ConsensusConfiguration(chain: self.chain, validators: validators)
    }

    static func key(_ number: UInt8) -> SigningKey {
        guard let key = SigningKey(seed: [UInt8](repeating: number, count: 32)) else {
            preconditionFailure("a seed has 32 bytes")
        }
        return key
    }

    static func bytes(_ number: UInt8) -> Bytes32 {
        Bytes32(filledBy: { $0.initializeMemory(as: UInt8.self, repeating: number) })
    }

    static func digest(_ number: UInt8) -> Digest { Digest(bytes(number)) }

    /// The set in which the validators have these stakes; who has none is no member.
    func set(_ stakes: [UInt128]) -> ValidatorSet {
        do {
            return try ValidatorSet(
                zip(keys, stakes).filter { $0.1 > 0 }.map {
                    Validator(key: $0.publicKey, stake: $1)
                })
        } catch { preconditionFailure("the fixture's validators are valid: \(error)") }
    }

    var genesisRoot: Digest { Fixture.digest(1) }

    func leader(of slot: UInt64) -> Int { configuration.schedule.leader(of: Slot(slot)) }

    var epoch: Epoch { configuration.epoch }

    func vote(_ statement: Statement, by index: Int) -> Vote {
        Vote(statement, by: keys[index], validator: UInt16(index), chain: chain, epoch: epoch)
    }

    func certificate(_ statement: Statement, by indices: [Int] = [0, 1, 2]) -> Certificate {
        Certificate(statement, epoch: epoch, votes: indices.map { vote(statement, by: $0) })
    }

    /// The same validators in another epoch of a chain with other lengths.
    func inEpoch(
        _ epoch: UInt64, from firstSlot: UInt64 = 1, lengths: EpochLengths
    ) -> Fixture {
        var fixture = self
        fixture.configuration = ConsensusConfiguration(
            schedule: LeaderSchedule(
                chain: chain, epoch: Epoch(epoch), firstSlot: Slot(firstSlot),
                validators: validators),
            lengths: lengths, timing: configuration.timing)
        return fixture
    }

    /// A block in `slot` on top of `parent`, as the slot's leader would make it.
    func block(
        slot: UInt64, on parent: Block? = nil, payload: [UInt8] = [],
        change: (inout BlockHeader) -> Void = { _ in }
    ) -> Block {
        var header = BlockHeader(
            chain: chain, epoch: epoch, slot: Slot(slot),
            height: (parent?.header.height ?? BlockHeight(0)).advanced(by: 1),
            parentSlot: parent?.header.slot ?? Slot(0), parent: parent?.hash ?? .zero,
            timestamp: Timestamp(slot * 1000), payloadDigest: Block.digest(of: payload),
            stateHeight: BlockHeight(0), stateRoot: genesisRoot,
            proposer: keys[leader(of: slot)].publicKey)
        change(&header)
        guard let block = Block(header: header, payload: payload) else {
            preconditionFailure("the payload is the header's")
        }
        return block
    }

    func proposal(_ block: Block, parent: Certificate? = nil, skips: [Certificate] = [])
        -> Proposal
    {
        Proposal(
            block, by: keys[leader(of: block.header.slot.value)],
            justification: Justification(parent: parent, skips: skips))
    }

    func notar(_ block: Block) -> Statement { .notar(block.header.slot, block.hash) }

    func final(_ block: Block) -> Statement { .final(block.header.slot, block.hash) }

    /// A started machine that has executed the genesis and knows all validators as peers.
    func machine(_ index: Int?, recovered: RecoveredState = .fresh) -> ConsensusMachine {
        var machine = ConsensusMachine(
            configuration: configuration, identity: index.map { keys[$0] }, recovered: recovered)
        _ = machine.receive(.executed(height: BlockHeight(0), stateRoot: genesisRoot))
        _ = machine.receive(.started)
        for (other, key) in keys.enumerated() where other != index {
            _ = machine.receive(.connected(key.publicKey))
        }
        return machine
    }
}

extension ConsensusMachine {
    /// Takes a message from the validator at a place in the set: the last other one unless told.
    mutating func hear(_ message: ConsensusMessage, from index: Int? = nil) -> [ConsensusEffect] {
        let last = configuration.validators.count - 1
        let sender = index ?? (ownIndex == last ? last - 1 : last)
        return receive(.message(from: configuration.validators.validators[sender].key, message))
    }
}

extension [ConsensusEffect] {
    /// The votes broadcast.
    var votes: [Statement] {
        compactMap { effect in
            guard case .broadcast(.vote(let vote)) = effect else { return nil }
            return vote.statement
        }
    }

    var finalized: [FinalizedBlock] {
        flatMap { effect -> [FinalizedBlock] in
            guard case .finalized(let blocks) = effect else { return [] }
            return blocks
        }
    }

    var evidence: [EquivocationEvidence] {
        compactMap { effect in
            guard case .evidence(let evidence) = effect else { return nil }
            return evidence
        }
    }

    var notes: [ConsensusNote] {
        compactMap { effect in
            guard case .note(let note) = effect else { return nil }
            return note
        }
    }

    var payloadRequests: [PayloadRequest] {
        compactMap { effect in
            guard case .wantPayload(let request) = effect else { return nil }
            return request
        }
    }

    var records: [ConsensusRecord] {
        compactMap { effect in
            guard case .persist(let record) = effect else { return nil }
            return record
        }
    }

    var checks: [Block] {
        compactMap { effect in
            guard case .check(let block, _) = effect else { return nil }
            return block
        }
    }

    var sent: [ConsensusMessage] {
        compactMap { effect in
            guard case .send(_, let message) = effect else { return nil }
            return message
        }
    }
}
