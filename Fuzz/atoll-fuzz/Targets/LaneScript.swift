// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Vocabulary

/// Bytes read as what happens to the lanes of one validator of four, the other three of which sign
/// anything: it must not trap, claim what is not durable, sign two batches for a height, execute a
/// height twice or out of order, or hold more than its bounds.
struct LaneScript {
    private var rest: ArraySlice<UInt8>
    private let chain = SampleChain.shared
    private let pool = SampleLanes.shared
    private var machine: LaneMachine
    private var timers: [LaneTimer] = []
    private var asked: [(peer: PublicKey, request: BatchRequest)] = []
    private var promises = LanePromises()

    /// The most steps of one script: a few hundred signatures.
    private static let stepsMax = 192
    private static let poolMax = 16

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
        machine = Self.machine(.fresh(lanes: 4, after: BlockHeight(0)))
    }

    private static func machine(_ recovered: RecoveredLanes) -> LaneMachine {
        let chain = SampleChain.shared
        return LaneMachine(
            configuration: LaneConfiguration(
                chain: chain.genesis.chain, epoch: Epoch(0), validators: chain.validators),
            identity: chain.key(0), recovered: recovered)
    }

    /// Plays it to its end.
    mutating func run() {
        begin()
        for _ in 0..<Self.stepsMax {
            guard let step = rest.popFirst() else { return }
            play(step)
        }
    }

    private mutating func begin() {
        give(.started)
        for place in 1..<4 { give(.connected(chain.key(place).publicKey)) }
    }

    // MARK: Steps

    private mutating func play(_ step: UInt8) {
        switch step % 14 {
        case 0: say(.batch(batch()))
        case 1: say(.answer(below(batch(), count: Int(byte() % 8))))
        case 2: say(.vector(pool.vector(tips(), by: 1 + Int(byte() % 3))))
        case 3: say(.request(BatchRequest(tip: batch().tip, count: 1 + UInt16(byte() % 64))))
        case 4: if !timers.isEmpty { give(.timer(timers[Int(byte()) % timers.count])) }
        case 5: give(.payload(OwnPayload([byte(), 1], transactionCount: 1)))
        case 6: judge()
        case 7:
            let batches = byte() % 4 == 0 ? below(batch(), count: 4) : []
            promises.order(cut(), with: batches)
            if let ordered = promises.orders.last { give(.ordered(ordered)) }
        case 8: execute()
        case 9: give(.disconnected(peer()))
        case 10: give(.connected(peer()))
        case 11: sayRaw()
        case 12: restart()
        default: answer()
        }
    }

    private mutating func say(_ message: LaneMessage) {
        give(.messages([LaneDelivery(from: peer(), message)]))
    }

    private mutating func sayRaw() {
        let length = Int(byte())
        let bytes = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
        if let message = try? LaneMessage(canonicalBytes: bytes) { say(message) }
    }

    /// What a peer that has everything says to the question asked last.
    private mutating func answer() {
        guard let (peer, request) = asked.popLast() else { return }
        let top = pool.batches.first { $0.hash == request.tip.hash }
        let batches = top.map { below($0, count: Int(request.count)) } ?? []
        give(.messages([LaneDelivery(from: peer, .answer(batches))]))
    }

    private mutating func judge() {
        let block = SHA256.hash([byte()])
        promises.ask(block)
        let ancestors = byte() % 2 == 0 ? [] : [cut()]
        let slot = Slot(1 + UInt64(byte()))
        give(.judge(CutQuestion(block: block, slot: slot, cut: cut(), ancestors: ancestors)))
    }

    private mutating func execute() {
        guard promises.archived < promises.executed else { return }
        promises.archived = promises.archived.advanced(by: 1)
        give(.executed(promises.archived))
    }

    /// A crash: what was executed is known again, later final blocks are given again.
    private mutating func restart() {
        machine = Self.machine(promises.rise())
        (timers, asked) = ([], [])
        begin()
        for ordered in promises.orders where ordered.height > promises.executed {
            give(.ordered(ordered))
        }
    }

    // MARK: Things to speak of

    private mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }
    private mutating func batch() -> Batch { pool.batches[Int(byte()) % pool.batches.count] }
    private mutating func peer() -> PublicKey { chain.key(1 + Int(byte() % 3)).publicKey }

    private mutating func tips() -> [LaneTip] {
        let tips = (0...Int(byte() % 4)).map { _ in batch().tip }
        let sorted = tips.sorted { ($0.lane, $0.height) < ($1.lane, $1.height) }
        // A vector names each place once.
        return sorted.enumerated().filter { place, tip in
            place == 0
                || (sorted[place - 1].lane, sorted[place - 1].height) < (tip.lane, tip.height)
        }.map(\.element)
    }

    private mutating func cut() -> Cut {
        let tips = tips()
        return Cut(tips) ?? Cut([tips[0]]) ?? .empty
    }

    private func below(_ batch: Batch, count: Int) -> [Batch] {
        var list = [batch]
        while list.count < count, let last = list.last,
            let parent = pool.batches.first(where: { $0.hash == last.header.parent })
        { list.append(parent) }
        return list
    }

    // MARK: What comes of it

    private mutating func give(_ input: LaneInput) {
        let effects = machine.receive(input)
        promises.keep(effects)
        precondition(machine.heldBytes <= 512 << 20, "lanes are bounded (LANES-15)")
        for effect in effects {
            switch effect {
            case .setTimer(let timer, _): timers = Array((timers + [timer]).suffix(Self.poolMax))
            case .send(let peer, .request(let request)):
                asked = Array((asked + [(peer, request)]).suffix(Self.poolMax))
            default: break
            }
        }
    }

    /// Scripts that get somewhere: batches held, ordered, fetched and executed, a crash, a fork.
    @Sendable static func samples() -> [[UInt8]] {
        let hold: [UInt8] = [0, 0, 0, 0, 1, 0, 0, 2, 0]
        let claims: [UInt8] = [2, 0, 2, 0, 0, 2, 0, 2, 1, 1]
        let order: [UInt8] = [7, 1, 0, 2]
        return [
            hold + claims + [6, 1, 0, 1, 0, 2] + order + [8, 5, 7, 4, 0],
            order + [4, 1, 4, 2, 13, 13, 8, 12] + hold,
            [5, 1, 4, 0, 5, 2] + hold + [12, 0, 8, 0] + order + [7, 1, 0, 10, 13, 13],
        ]
    }
}

/// What the lanes of one validator have promised by what they did, in all their lives; a broken
/// promise traps.
struct LanePromises {
    /// The final cuts so far.
    private(set) var orders: [OrderedCut] = []
    /// The last height handed on for execution.
    private(set) var executed = BlockHeight(0)
    /// The last height whose batches the host has archived.
    var archived = BlockHeight(0)
    private var order = LaneOrder(lanes: 4)
    private var records: [Batch] = []
    private var durable: Set<LaneTip> = []
    private var own: [UInt64: Digest] = [:]
    private var questions: Set<Digest> = []

    /// A cut becomes final.
    mutating func order(_ cut: Cut, with batches: [Batch]) {
        let height = UInt64(orders.count) + 1
        orders.append(
            OrderedCut(
                height: BlockHeight(height), slot: Slot(height), cut: cut, batches: batches))
    }

    /// A question is asked, perhaps again.
    mutating func ask(_ block: Digest) { questions.insert(block) }

    /// Another life begins, from what the host has made durable.
    mutating func rise() -> RecoveredLanes {
        questions = []
        archived = executed
        return RecoveredLanes(
            order: order, height: executed, records: records.map { .batch($0) })
    }

    /// Holds the answer to one input to what was promised before.
    mutating func keep(_ effects: [LaneEffect]) {
        var isAfterRecords = false
        for effect in effects {
            if case .persist(.batch(let batch)) = effect {
                precondition(!isAfterRecords, "records come first (LANES-4)")
                records.append(batch)
                durable.insert(batch.tip)
                continue
            }
            isAfterRecords = true
            keep(effect)
        }
    }

    private mutating func keep(_ effect: LaneEffect) {
        switch effect {
        case .broadcast(.batch(let batch)):
            let known = own.updateValue(batch.hash, forKey: batch.header.height)
            precondition(known ?? batch.hash == batch.hash, "one batch for each height (LANES-3)")
            precondition(durable.contains(batch.tip), "a batch is durable before it is sent")
        case .broadcast(.vector(let vector)), .send(_, .vector(let vector)):
            precondition(
                vector.entries.allSatisfy(durable.contains), "claims are durable (LANES-6)")
        case .execute(let execution):
            executed = executed.advanced(by: 1)
            precondition(execution.height == executed, "each height once, in order (LANES-13)")
            order = execution.order
        case .verdict(let block, _):
            precondition(questions.remove(block) != nil, "a question is answered once")
        case .prunable(let hashes):
            let gone = Set(hashes)
            records.removeAll { gone.contains($0.hash) }
        default: break
        }
    }
}
