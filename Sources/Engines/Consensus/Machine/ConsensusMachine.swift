// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Vocabulary

/// Stake-weighted Simplex consensus as a value: inputs in, effects out (specs/consensus.md).
///
/// It holds no clock, disk, socket or task, and the same inputs give the same effects. A node
/// without a validator's key follows the chain and never votes.
public struct ConsensusMachine: Sendable {
    /// What all machines of this chain share.
    public let configuration: ConsensusConfiguration

    let identity: SigningKey?
    let ownIndex: Int?
    /// Nothing is signed in slots up to this one.
    let silentThrough: Slot

    /// The last block given to the host.
    var final: FinalPoint
    /// The newest final certificate; its block may not have arrived yet.
    var decided: Certificate?
    /// The slot this machine is in.
    var current: Slot
    /// The slot whose timer was set last.
    var entered: Slot?
    var slots: [Slot: SlotState] = [:]
    var blocks = BlockTree()
    var roots = StateRoots()
    var peers = PeerTable()
    var catchUp = CatchUp()
    var standstill = Standstill()
    var isStarted = false
    var isUnsettled = false
    var outbox: [ConsensusEffect] = []

    /// Starts from what was recovered; nothing happens before ``ConsensusInput/started``.
    ///
    /// - Parameters:
    ///   - identity: The key to vote with; one that is not a validator's only observes.
    ///   - recovered: This machine's own records. They are trusted.
    public init(
        configuration: ConsensusConfiguration, identity: SigningKey?,
        recovered: RecoveredState = .fresh
    ) {
        self.configuration = configuration
        self.identity = identity
        ownIndex = identity.flatMap { configuration.validators.index(of: $0.publicKey) }
        silentThrough = recovered.silentThrough
        final = recovered.lastFinal.map { FinalPoint($0) } ?? .genesis
        decided = recovered.lastFinal?.proof.certificate
        current = final.slot.advanced(by: 1)
        for record in recovered.records where record.slot > final.slot { restore(record) }
        outbox = []
    }

    /// The height of the last final block.
    public var finalHeight: BlockHeight { final.height }

    /// Where this machine stands, as it tells its peers.
    public var status: ConsensusStatus {
        ConsensusStatus(
            epoch: configuration.epoch, finalHeight: final.height, finalSlot: final.slot,
            slot: current)
    }

    /// Takes one input.
    ///
    /// - Returns: What the host must do, in this order; all records come first.
    public mutating func receive(_ input: ConsensusInput) -> [ConsensusEffect] {
        handle(input)
        settle()
        defer { outbox = [] }
        return outbox.filter(\.isRecord) + outbox.filter { !$0.isRecord }
    }

    private mutating func handle(_ input: ConsensusInput) {
        switch input {
        case .started: start()
        case .connected(let peer): greet(peer)
        case .disconnected(let peer): peers.disconnect(peer)
        case .message(let peer, let message): receive(message, from: peer)
        case .timer(let timer): expire(timer)
        case .payload(let payload): propose(payload)
        case .payloadAvailable: slots[current]?.askedParent = nil
        case .verdict(let block, let accepted): judge(block, accepted: accepted)
        case .executed(let height, let root): execute(height, root: root)
        }
    }

    private mutating func receive(_ message: ConsensusMessage, from peer: PublicKey) {
        guard peer != identity?.publicKey else { return }
        switch message {
        case .proposal(let proposal): receive(proposal, from: peer)
        case .vote(let vote): receive(vote, from: peer)
        case .certificate(let certificate): receive(certificate, from: peer)
        case .status(let status): receive(status, from: peer)
        case .blockRequest(let from, let count): serve(peer, from: from, count: Int(count))
        case .blockResponse(let blocks): receive(blocks, from: peer)
        case .slotRequest(_, let slot): answer(slot, to: peer)
        }
    }

    private mutating func expire(_ timer: ConsensusTimer) {
        switch timer {
        case .skip(let slot): skipIfStill(in: slot)
        case .stall(let sequence): lookForProgress(sequence)
        case .fetch(let slot, let attempt): fetch(slot, attempt: attempt)
        case .catchUp(let attempt): catchUpExpired(attempt)
        }
    }

    /// Does all that has become possible, until nothing more has.
    mutating func settle() {
        guard isStarted else { return }
        repeat {
            isUnsettled = false
            finalizeDecided()
            advance()
            considerProposal()
            considerLeading()
        } while isUnsettled
    }

    mutating func emit(_ effect: ConsensusEffect) { outbox.append(effect) }

    /// The newest slot known to be final, whether or not its block is here.
    var decidedSlot: Slot { max(final.slot, decided?.statement.slot ?? final.slot) }

    /// The validator that leads a slot.
    func leader(of slot: Slot) -> Int { configuration.schedule.leader(of: slot) }
}

extension ConsensusEffect {
    /// Whether this is a record to make durable.
    var isRecord: Bool {
        if case .persist = self { true } else { false }
    }
}
