// SPDX-License-Identifier: Apache-2.0
public import Cryptography
import Vocabulary

/// The lanes of one epoch as a value: inputs in, effects out (specs/lanes.md).
///
/// It holds no clock, disk, socket or task, and the same inputs give the same effects. A node
/// without a validator's key holds and executes what others order, and says nothing. Nothing here
/// looks into a payload: the work is per batch, never per transaction.
public struct LaneMachine: Sendable {
    /// What all machines of this epoch share.
    public let configuration: LaneConfiguration

    let identity: SigningKey?
    let ownIndex: Int?
    /// This machine makes no batches: its records may be lost, or its key has a twin.
    var isSilent: Bool

    var lanes: [LaneState]
    var peers = LanePeers()
    /// Where the lanes stand after the last block handed on for execution.
    var order: LaneOrder
    /// The last block given by ``LaneInput/ordered(_:)``.
    var orderedHeight: BlockHeight
    /// Final cuts that are not executed, oldest first.
    var cuts: [FinalCut] = []
    /// Questions without an answer, oldest first.
    var waiting: [WaitingCut] = []

    /// Lanes of which this machine holds more than it has said.
    var unsaid = ValidatorMask()
    /// Lanes in which something changed during this input.
    var touched = ValidatorMask()
    var sequence: UInt64 = 0
    var tick: UInt64 = 0
    var isTicking = false
    var batchSerial: UInt64 = 0
    var isBatchAged = false
    var told = LaneRoom.none
    var look: UInt64 = 0
    var repeatFrom = 0
    var stillLooks = 0
    var unavailableAtLook: UInt64?
    var leftovers: [Digest] = []
    var isStarted = false
    var outbox: [LaneEffect] = []

    /// Starts from what was recovered; nothing happens before ``LaneInput/started``.
    ///
    /// - Parameters:
    ///   - identity: The key to make batches and vectors with; one that is not a validator's only
    ///     follows.
    ///   - recovered: This machine's own records. They are trusted. Its order has as many lanes as
    ///     there are validators.
    public init(
        configuration: LaneConfiguration, identity: SigningKey?, recovered: RecoveredLanes
    ) {
        precondition(
            recovered.order.tips.count == configuration.validators.count,
            "every validator owns one lane")
        self.configuration = configuration
        self.identity = identity
        ownIndex = identity.flatMap { configuration.validators.index(of: $0.publicKey) }
        isSilent = recovered.isSilent
        order = recovered.order
        orderedHeight = recovered.height
        lanes = recovered.order.tips.map { LaneState(base: $0) }
        restore(recovered)
    }

    /// Whether a batch at this place may still be executed.
    public func awaits(_ tip: LaneTip) -> Bool {
        Int(tip.lane) < order.tips.count && tip.height > order.tips[Int(tip.lane)].height
    }

    /// Takes one input.
    ///
    /// - Returns: What the host must do, in this order; all records come first.
    public mutating func receive(_ input: LaneInput) -> [LaneEffect] {
        handle(input)
        settle()
        defer { outbox.removeAll(keepingCapacity: true) }
        return outbox.filter(\.isRecord) + outbox.filter { !$0.isRecord }
    }

    private mutating func handle(_ input: LaneInput) {
        switch input {
        case .started: start()
        case .connected(let peer): greet(peer)
        case .disconnected(let peer): peers.disconnect(peer)
        case .messages(let deliveries): receive(deliveries)
        case .timer(let timer): expire(timer)
        case .payload(let payload): makeBatch(payload)
        case .judge(let question): judge(question)
        case .ordered(let cut): order(cut)
        case .executed(let height): forget(through: height)
        }
    }

    private mutating func expire(_ timer: LaneTimer) {
        switch timer {
        case .tick(let serial): tickExpired(serial)
        case .batch(let serial): if serial == batchSerial { isBatchAged = true }
        case .fetch(let lane, let serial): fetchExpired(Int(lane), serial)
        case .look(let serial): lookAround(serial)
        }
    }

    /// Does all that has become possible.
    private mutating func settle() {
        guard isStarted else { return }
        executeReady()
        judgeWaiting()
        pursueTouched()
        if !isTicking { sayWhatIsHeld() }
        tellRoom()
    }

    mutating func emit(_ effect: LaneEffect) { outbox.append(effect) }

    /// Puts a message aside and counts it against its sender.
    mutating func reject(_ peer: PublicKey, _ fault: LaneFault) {
        peers.countFault(peer)
        emit(.note(.rejected(from: peer, fault)))
    }

    func stake(of validator: Int) -> UInt128 {
        configuration.validators.validators[validator].stake
    }

    /// The payload bytes held in memory over all lanes, for metrics.
    public var heldBytes: Int {
        lanes.reduce(0) { total, lane in
            total + lane.bytes + lane.forked.reduce(0) { $0 + $1.payload.count }
        }
    }
}

extension LaneEffect {
    /// Whether this is a record to make durable.
    var isRecord: Bool {
        if case .persist = self { true } else { false }
    }
}
