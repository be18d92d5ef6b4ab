// SPDX-License-Identifier: Apache-2.0
import Accounts
import Consensus
import Cryptography
import Effects
import JSONText
import Ledger
import NodeAssembly
import Vocabulary

/// A chain as it was made.
struct PressedChain: Sendable {
    let validators: [SigningKey]
    let genesis: Genesis
    let blocks: [FinalizedBlock]
    /// The root of the state after all blocks.
    let root: Digest
}

/// Makes a chain of real blocks: proposed by their leaders, executed, certified by a quorum.
struct ChainPress {
    let validators: [SigningKey]
    let payer: SigningKey
    let genesis: Genesis
    private let set: ValidatorSet
    private let ledger: LedgerMachine
    private(set) var blocks: [FinalizedBlock] = []
    private var order: LaneOrder
    private var nonce: UInt64 = 0

    struct Unmade: Error {}

    /// How the next block differs from an honest one.
    enum Forgery: Hashable {
        case wrongRoot, wrongProposer, tooFewVotes, badPayload, repeatedTime
    }

    init(validators count: Int = 4, name: String = "pressed") throws {
        validators = try (1...count).map { try Self.key($0) }
        payer = try Self.key(200)
        let seats = validators.enumerated().map { place, key in
            GenesisValidator(
                name: "v\(place)", publicKey: key.publicKey, stake: 10,
                account: AccountID(of: key.publicKey))
        }
        let balance = AccountsGenesis.Balance(
            AccountID(of: payer.publicKey), Amount(whole: 1_000_000))
        genesis = try Genesis(json: [
            "name": .string(name), "time": 1_700_000_000_000,
            "validators": .array(seats.map(\.json)),
            "modules": ["accounts": AccountsGenesis(balances: [balance]).json],
        ])
        set = try ValidatorSet(of: genesis)
        order = LaneOrder(lanes: set.count)
        let house = House()
        ledger = try LedgerMachine.open(
            genesis: genesis, modules: house.modules, fees: house.fees, store: VoidStore())
    }

    static func key(_ number: Int) throws -> SigningKey {
        guard let key = SigningKey(seed: SHA256.hash([UInt8(number)]).raw.bytes) else {
            throw Unmade()
        }
        return key
    }

    /// The chain so far.
    var chain: PressedChain {
        PressedChain(validators: validators, genesis: genesis, blocks: blocks, root: root)
    }

    /// The root of the state after all blocks so far.
    var root: Digest { ledger.stateRoot }

    /// Makes blocks, every other one with a transfer.
    mutating func press(_ count: Int) throws {
        for _ in 0..<count {
            let height = UInt64(blocks.count) + 1
            try press(transfers: height.isMultiple(of: 2) ? 1 : 0)
        }
    }

    /// Makes the next block.
    mutating func press(transfers: Int, forging forgery: Forgery? = nil) throws {
        let parent = blocks.last?.block
        let height = BlockHeight(UInt64(blocks.count) + 1)
        let slot = (parent?.header.slot ?? Slot(0)).advanced(by: height.value % 5 == 0 ? 2 : 1)
        let leader = LeaderSchedule(
            chain: genesis.chain, epoch: Epoch(0), firstSlot: Slot(1), validators: set
        ).leader(of: slot)
        var list: [SignedTransaction] = []
        for _ in 0..<transfers { list.append(transfer()) }
        let batches = try list.isEmpty ? [] : [batch(of: list, in: leader)]
        guard let cut = Cut(batches.map(\.tip)) else { throw Unmade() }
        let bytes = forgery == .badPayload ? [0xFF, 0xFF] : cut.payload
        let time = ledger.time.advanced(by: 100)
        let header = BlockHeader(
            chain: genesis.chain, epoch: Epoch(0), slot: slot, height: height,
            parentSlot: parent?.header.slot ?? Slot(0), parent: parent?.hash ?? .zero,
            timestamp: forgery == .repeatedTime ? parent?.header.timestamp ?? time : time,
            payloadDigest: Block.digest(of: bytes), stateHeight: ledger.height,
            stateRoot: forgery == .wrongRoot ? SHA256.hash([1]) : ledger.stateRoot,
            proposer: validators[forgery == .wrongProposer ? (leader + 1) % set.count : leader]
                .publicKey)
        guard let block = Block(header: header, payload: bytes) else { throw Unmade() }
        let statement = Statement.final(slot, block.hash)
        let votes = (0..<(forgery == .tooFewVotes ? set.count / 2 : set.count * 2 / 3 + 1)).map {
            Vote(
                statement, by: validators[$0], validator: UInt16($0), chain: genesis.chain,
                epoch: Epoch(0))
        }
        let finalized = FinalizedBlock(
            block: block,
            proof: FinalityProof(
                certificate: Certificate(statement, epoch: Epoch(0), votes: votes)),
            batches: batches)
        blocks.append(finalized)
        if forgery != .badPayload { order = try order.execution(of: finalized, cut: cut).order }
        let moves = !batches.isEmpty && forgery != .badPayload
        _ = try ledger.execute(
            BlockContext(
                chain: genesis.chain, height: height, time: time,
                proposer: AccountID(of: validators[leader].publicKey),
                lanes: moves ? LanePosition(epoch: Epoch(0), order: order) : nil),
            forgery == .badPayload ? [] : list)
    }

    /// The next batch of a lane.
    private func batch(of list: [SignedTransaction], in lane: Int) throws -> Batch {
        guard let payload = Payload(list) else { throw Unmade() }
        return Batch(
            payload.canonicalBytes, transactionCount: UInt32(list.count),
            after: order.tips[lane], chain: genesis.chain, epoch: Epoch(0), by: validators[lane])
    }

    private mutating func transfer() -> SignedTransaction {
        let target = AccountID(SHA256.hash([7, UInt8(nonce % 50)]).raw)
        let message = AccountsMessage.transfer(Transfer([Transfer.Part(to: target, Amount(5))]))
        defer { nonce += 1 }
        return Transaction(
            chain: genesis.chain, sender: payer.publicKey, nonce: nonce, feeMax: Amount(whole: 1),
            validUntil: BlockHeight(900), messages: [message.message]
        ).signed(by: payer)
    }

    /// Writes the blocks into a log, a few to an append as a node does.
    func write(to path: String, _ effects: Effects) async throws {
        let log = try await effects.disk.openLog(path)
        let records = blocks.map(\.canonicalBytes)
        for start in stride(from: 0, to: records.count, by: 3) {
            try await log.append(Array(records[start..<min(start + 3, records.count)]))
        }
        await log.close()
    }
}

/// A store that keeps nothing: everything stays in the ledger's own memory.
final class VoidStore: KeyValueStore {
    func get(_ key: [UInt8]) throws(DiskFailure) -> [UInt8]? { nil }
    func scan(
        prefix: [UInt8], after: [UInt8]?, limit: Int
    ) throws(DiskFailure) -> [(key: [UInt8], value: [UInt8])] { [] }
    func commit(_ changes: [(key: [UInt8], value: [UInt8]?)]) async throws(DiskFailure) {
        throw .denied(path: "void")
    }
    func close() async {}
}
