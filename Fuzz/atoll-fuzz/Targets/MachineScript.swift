// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Vocabulary

/// Bytes read as what happens to one validator of four, the other three of which sign anything:
/// it must not trap, never contradict itself, and send nothing that it has not made durable.
struct MachineScript {
    private var rest: ArraySlice<UInt8>
    private let chain = SampleChain.shared
    private var machine: ConsensusMachine
    private var blocks: [Block]
    private var timers: [ConsensusTimer] = []
    private var checks: [Digest] = []
    private var request: PayloadRequest?
    private var promises = Promises()

    /// The most steps of one script: a few hundred signatures.
    private static let stepsMax = 256
    /// How many blocks and timers a script can speak of.
    private static let poolMax = 32

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
        blocks = chain.blocks
        machine = Self.machine(chain, .fresh)
    }

    private static func machine(
        _ chain: SampleChain, _ recovered: RecoveredState
    ) -> ConsensusMachine {
        let configuration = ConsensusConfiguration(
            chain: chain.genesis.chain, validators: chain.validators)
        return ConsensusMachine(
            configuration: configuration, identity: chain.key(0), recovered: recovered)
    }

    /// Plays it to its end.
    mutating func run() {
        begin()
        for _ in 0..<Self.stepsMax {
            guard let step = next() else { return }
            play(step)
        }
    }

    private mutating func begin() {
        promises.rise()
        give(.started)
        give(.executed(height: promises.executed, stateRoot: .zero))
        for place in 1..<4 { give(.connected(chain.key(place).publicKey)) }
    }

    // MARK: Steps

    private mutating func play(_ step: UInt8) {
        switch step % 14 {
        case 0: say(.vote(chain.vote(statement(), by: Int(byte() % 4))))
        case 1: say(.certificate(chain.certificate(statement(), by: places())))
        case 2: say(.proposal(proposal()))
        case 3: if let timer = pick(timers) { give(.timer(timer)) }
        case 4: offer()
        case 5:
            if let block = pick(checks) { give(.verdict(block: block, accepted: byte() % 4 > 0)) }
        case 6: execute()
        case 7:
            let place = byte()
            let (height, slot) = (BlockHeight(UInt64(place)), slot())
            say(
                .status(
                    ConsensusStatus(
                        epoch: Epoch(UInt64(place >> 7)), finalHeight: height, finalSlot: slot,
                        slot: slot)))
        case 8: say(.blockRequest(from: BlockHeight(UInt64(byte())), count: UInt16(byte())))
        case 9: say(.slotRequest(Epoch(0), slot()))
        case 10: say(.blockResponse(finalized()))
        case 11: restart()
        case 12:
            let height = BlockHeight(UInt64(byte()) * 8)
            say(.stateWord(StateWord(height: height, root: .zero)))
        default: sayRaw()
        }
    }

    private mutating func say(_ message: ConsensusMessage) {
        give(.message(from: chain.key(1 + Int(byte() % 3)).publicKey, message))
    }

    private mutating func sayRaw() {
        let length = Int(byte())
        let bytes = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
        if let message = try? ConsensusMessage(canonicalBytes: bytes) { say(message) }
    }

    private mutating func offer() {
        guard let request else { return }
        let flags = byte()
        give(
            .payload(
                ProposedPayload(
                    slot: request.slot, parent: request.parent,
                    bytes: flags & 1 == 0 ? [] : [flags],
                    timestamp: Timestamp(UInt64(flags) * 1_000),
                    stateHeight: flags & 2 == 0 ? promises.executed : BlockHeight(9_999),
                    stateRoot: .zero)))
    }

    private mutating func execute() {
        guard promises.executed < promises.finalHeight else { return }
        promises.executed = promises.executed.advanced(by: 1)
        give(
            .executed(
                height: promises.executed, stateRoot: byte() % 8 > 0 ? .zero : SHA256.hash([1])))
    }

    private mutating func restart() {
        machine = Self.machine(chain, promises.recovered)
        (timers, checks, request) = ([], [], nil)
        begin()
    }

    // MARK: Things to speak of

    private mutating func next() -> UInt8? { rest.popFirst() }
    private mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    private mutating func pick<Thing>(_ things: [Thing]) -> Thing? {
        things.isEmpty ? nil : things[Int(byte()) % things.count]
    }

    /// Near where the machine is, or far.
    private mutating func slot() -> Slot {
        let place = byte()
        let base = machine.status.slot.value
        guard place < 250 else { return Slot(UInt64.max - UInt64(place)) }
        return Slot(base + UInt64(place % 8) - min(base, 3))
    }

    private mutating func statement() -> Statement {
        let kind = byte()
        let block = pick(blocks)
        guard let block, kind % 3 != 1 else { return .skip(slot()) }
        let slot = kind & 0x80 == 0 ? block.header.slot : slot()
        return kind % 3 == 0 ? .notar(slot, block.hash) : .final(slot, block.hash)
    }

    private mutating func places() -> [Int] {
        let mask = byte()
        return mask & 0x10 == 0 ? [1, 2, 3] : (0..<4).filter { mask >> UInt8($0) & 1 == 1 }
    }

    private mutating func proposal() -> Proposal {
        let flags = byte()
        let parent = flags & 1 == 0 ? nil : pick(blocks)
        let payload: [UInt8] = flags & 2 == 0 ? [] : [byte()]
        let block = chain.block(slot: slot().value, on: parent, payload: payload)
        if blocks.count == Self.poolMax { blocks.removeFirst() }
        blocks.append(block)
        let certificate = parent.map { chain.certificate(.notar($0.header.slot, $0.hash)) }
        let skips = flags & 4 == 0 ? [] : [chain.certificate(.skip(slot()))]
        return chain.proposal(block, parent: certificate, skips: skips)
    }

    private mutating func finalized() -> [FinalizedBlock] {
        (0..<Int(byte() % 4)).compactMap { _ in
            pick(blocks).map { block in
                let certificate = chain.certificate(.final(block.header.slot, block.hash))
                return FinalizedBlock(block: block, proof: FinalityProof(certificate: certificate))
            }
        }
    }

    // MARK: What comes of it

    private mutating func give(_ input: ConsensusInput) {
        for effect in machine.receive(input) {
            promises.keep(effect, by: chain.key(0).publicKey)
            switch effect {
            case .setTimer(let timer, _): timers = Array((timers + [timer]).suffix(Self.poolMax))
            case .wantPayload(let asked): request = asked
            case .check(let block, _): checks = Array((checks + [block.hash]).suffix(8))
            case .broadcast(.proposal(let proposal)):
                blocks = Array((blocks + [proposal.block]).suffix(Self.poolMax))
            default: break
            }
        }
    }

    /// Scripts that get somewhere: blocks proposed, voted for and final, and a crash in between.
    @Sendable static func samples() -> [[UInt8]] {
        let block: [UInt8] = [2, 0, 3, 0, 5, 0, 1]
        let notar: [UInt8] = [1, 0, 3, 0, 0]
        let final: [UInt8] = [1, 2, 3, 0, 0]
        let skip: [UInt8] = [1, 1, 0, 3, 0, 0]
        return [
            block + notar + final + [6, 1], skip + block + [11] + notar + [11] + final,
            [0, 1, 0, 3, 1, 0, 3, 0, 1] + [3, 0, 3, 1, 3, 2], [4, 1, 4, 1] + [10, 1, 0, 0],
        ]
    }
}
