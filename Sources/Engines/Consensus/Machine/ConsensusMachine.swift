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
    /// What shows that the epoch before has ended, for peers that are still in it.
    let beginning: Certificate?
    /// The last block of the epoch, once it is final.
    var ended: FinalizedBlock?
    /// What peers in the next epoch have said already.
    var early = EarlyWords()
    var isStarted = false
    var isUnsettled = false
    var outbox: [ConsensusEffect] = []

    /// Starts from what was recovered; nothing happens before ``ConsensusInput/started``.
    ///
    /// - Parameters:
    ///   - configuration: Of the epoch after the last final block's when that block is the last
    ///     of its own, else of the same.
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
        current = final.slot.advanced(by: 1)
        let isOfEpoch = recovered.lastFinal?.block.header.epoch == configuration.epoch
        beginning = isOfEpoch ? nil : recovered.lastFinal?.proof.certificate
        // What came before the epoch is where it stands, not what it has decided.
        if let last = recovered.lastFinal, isOfEpoch {
            decided = last.proof.certificate
            if configuration.lengths.isAtEnd(last.block.header) { ended = last }
        }
        for record in recovered.records
        where record.slot > final.slot && record.epoch == configuration.epoch { restore(record) }
        outbox = []
    }

    /// Whether the epoch's last block is final, so that a successor must take over.
    public var hasEnded: Bool { ended != nil }

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
        case .disconnected(let peer): miss(peer)
        case .message(let peer, let message): receive(message, from: peer)
        case .timer(let timer): expire(timer)
        case .payload(let payload): propose(payload)
        case .payloadAvailable: slots[current]?.askedParent = nil
        case .verdict(let block, let accepted): judge(block, accepted: accepted)
        case .executed(let height, let root): execute(height, root: root)
        }
    }

    mutating func receive(_ message: ConsensusMessage, from peer: PublicKey) {
        guard peer != identity?.publicKey else { return }
        if let epoch = message.epoch, epoch != configuration.epoch {
            return receive(message, of: epoch, from: peer)
        }
        guard !hasEnded || message.isForAnEndedMachine else { return }
        switch message {
        case .proposal(let proposal): receive(proposal, from: peer)
        case .vote(let vote): receive(vote, from: peer)
        case .certificate(let certificate): receive(certificate, from: peer)
        case .status(let status): receive(status, from: peer)
        case .blockRequest(let from, let count): serve(peer, from: from, count: Int(count))
        case .blockResponse(let blocks): receive(blocks, from: peer)
        case .slotRequest(_, let slot): answer(slot, to: peer)
        case .stateWord(let word): receive(word, from: peer)
        }
    }

    private mutating func expire(_ timer: ConsensusTimer) {
        guard !hasEnded else { return }
        switch timer {
        case .skip(configuration.epoch, let slot): skipIfStill(in: slot)
        case .stall(let sequence): lookForProgress(sequence)
        case .fetch(configuration.epoch, let slot, let attempt): fetch(slot, attempt: attempt)
        case .catchUp(let attempt): catchUpExpired(attempt)
        // Slots of two epochs may have the same number: a wait of the one is none of the other.
        case .skip, .fetch: return
        }
    }

    /// Does all that has become possible, until nothing more has.
    mutating func settle() {
        guard isStarted else { return }
        repeat {
            isUnsettled = false
            guard !hasEnded else { return }
            finalizeDecided()
            guard !hasEnded else { return }
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
