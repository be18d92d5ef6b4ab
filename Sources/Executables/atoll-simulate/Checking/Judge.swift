// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import LightClient
import NodeInterface
import SimulatedEffects
import Vocabulary

/// Watches every node and remembers the first broken promise.
///
/// Touched only by the world's tasks and, between its runs, by who drives it: one at a time.
final class Judge: @unchecked Sendable {
    /// A promise, by the name a failure is reported under.
    enum Checker: String {
        case start
        case oneHistory = "one-history"
        case certificates
        case stateRoots = "state-roots"
        case money, payments, progress, silence, evidence, troubles, votes, appetite, lanes, pace
        case seats, expectations, alarms
    }

    struct Failure {
        let checker: Checker
        let moment: Instant
        let text: String
    }

    private struct Place {
        let hash: Digest
        let stateRoot: Digest
        /// The batches it executes, in order, and those that show which lanes it closes.
        let batches: [Digest]
        let forked: [Digest]
    }

    var chronicle: Chronicle
    private(set) var failure: Failure?
    /// The greatest height any node has executed.
    private(set) var height: UInt64 = 0
    /// How far each node has come, by name.
    private(set) var heights: [String: UInt64] = [:]
    /// Called with the outcomes of a block at each node, and whether the node is the first.
    var settled: ([TransactionOutcome], String, Bool) -> Void = { _, _, _ in }

    private let genesis: Genesis
    /// Who decides in which epoch, as a light client follows it.
    private var trail: ValidatorTrail
    /// Evidence of epochs whose validators are not known yet, and who took it.
    private var early: [(evidence: EquivocationEvidence, name: String)] = []
    private var lanes = LaneBook()
    /// Machines that cannot be held to what they signed.
    private let careless: Set<String>
    /// The keys that may be shown to have broken the rules, villains' and of careless machines.
    private let suspects: Set<PublicKey>
    /// The keys of machines whose state is spoilt, and who may lie about theirs.
    private let alarming: Set<PublicKey>
    private let hasMarred: Bool
    /// What has come about that the lanes do not tell.
    private var alarms: Set<Expectation> = []
    private let names: [PublicKey: String]
    /// How many others there are for each.
    private let peers: Int
    private var places: [UInt64: Place] = [:]
    /// The blocks everybody agrees on, from the first on.
    private(set) var history: [FinalizedBlock] = []
    private var certificates = CertificateBook()
    private let world: SimulatedWorld
    private let start: Instant

    init(genesis: Genesis, members: [Member], scenario: Scenario, world: SimulatedWorld) throws {
        chronicle = Chronicle(members)
        self.world = world
        start = world.now
        self.genesis = genesis
        careless = scenario.careless
        let lawful = members.filter {
            scenario.villains[$0.name] == nil && !scenario.careless.contains($0.name)
        }
        let lawfulKeys = Set(lawful.flatMap(\.publicKeys))
        suspects = Set(members.flatMap(\.publicKeys)).subtracting(lawfulKeys)
        hasMarred = !scenario.marred.isEmpty
        alarming = Set(
            members.filter {
                scenario.villains[$0.name] != nil || scenario.marred.contains($0.name)
            }.flatMap(\.publicKeys))
        let pairs = members.flatMap { member in member.publicKeys.map { ($0, member.name) } }
        names = Dictionary(pairs) { first, _ in first }
        peers = Set(members.map(\.key.publicKey)).count - 1
        trail = try ValidatorTrail(genesis: genesis)
    }

    /// The newest root everybody agrees on.
    var stateRoot: Digest? { places[UInt64(history.count)]?.stateRoot }

    /// Remembers a broken promise, if it is the first.
    func accuse(_ checker: Checker, _ text: String) {
        guard failure == nil else { return }
        failure = Failure(checker: checker, moment: world.now, text: text)
    }

    /// What each node complained about when it was last looked at.
    private(set) var complaints: [String: String] = [:]

    /// Whether a machine cannot be held to what it signed, nor promised a quiet life.
    func isCareless(_ name: String) -> Bool { careless.contains(name) }

    /// A node executed a block: it is the block everybody has at this height, it has a
    /// certificate, and the state after it is everybody's.
    func executed(_ block: AppliedBlock, by name: String) {
        let height = block.height.value
        heights[name] = height
        let place = Place(
            hash: block.finalized.block.hash, stateRoot: block.stateRoot,
            batches: block.finalized.batches.map(\.hash),
            forked: block.finalized.forked.map(\.hash))
        let known = places[height]
        if let known {
            compare(place, known, height, name)
        } else {
            places[height] = place
            if height == UInt64(history.count) + 1 { history.append(block.finalized) }
            check(block.finalized, name)
            checkLanes(block, name)
            self.height = max(self.height, height)
            let count = block.outcomes.count
            chronicle.note(world.now, name, "block \(height) is final, \(count) transactions")
        }
        settled(block.outcomes, name, known == nil)
    }

    private func compare(_ place: Place, _ known: Place, _ height: UInt64, _ name: String) {
        if place.hash != known.hash {
            accuse(
                .oneHistory,
                "\(name) has block \(place.hash) at height \(height), others have \(known.hash)")
        } else if place.stateRoot != known.stateRoot {
            accuse(
                .stateRoots,
                "\(name) has the state \(place.stateRoot) after block \(height), "
                    + "others have \(known.stateRoot)")
        } else if place.batches != known.batches || place.forked != known.forked {
            accuse(
                .lanes,
                "\(name) executed \(place.batches.count) batches in block \(height), others "
                    + "\(known.batches.count), or other ones, or closed other lanes")
        }
    }

    private func checkLanes(_ block: AppliedBlock, _ name: String) {
        let epoch = block.finalized.block.header.epoch
        let owners = trail.validators(of: epoch)?.validators.map(\.key) ?? []
        if let fault = lanes.take(block, owners: owners) { accuse(.lanes, "\(name): \(fault)") }
        for owner in lanes.lastClosed {
            chronicle.note(
                world.now, name,
                "block \(block.height) closes the lane of \(names[owner] ?? "\(owner)") in "
                    + "epoch \(epoch)")
        }
    }

    /// Those of a scenario's expectations that nothing has come of yet.
    func unmet(_ expectations: [Expectation]) -> [Expectation] {
        expectations.filter { !lanes.seen.contains($0) && !alarms.contains($0) }
    }

    private func check(_ block: FinalizedBlock, _ name: String) {
        let header = block.block.header
        guard let validators = trail.validators(of: header.epoch) else {
            return accuse(
                .certificates,
                "\(name) took block \(header.height) of epoch \(header.epoch), whose validators "
                    + "it cannot prove")
        }
        do {
            try block.verify(validators: validators, chain: genesis.chain)
        } catch {
            accuse(
                .certificates, "\(name) took block \(header.height): \(error)")
        }
    }

    // MARK: Epochs

    /// The newest epoch whose validators are known.
    var newestEpoch: Epoch { trail.newest }

    /// Takes how epochs ended from a node, and believes only what a light client would.
    ///
    /// - Returns: Whether the validators of more epochs are known now.
    func follow(_ values: [CertifiedValue], of name: String) -> Bool {
        let before = trail.newest
        let handovers = values.compactMap { value in
            value.value.flatMap {
                Handover(shortest: value.header, value.finality, value: $0, proof: value.proof)
            }
        }
        // Another node may have taught the judge the first of them meanwhile.
        do {
            try trail.extend(by: handovers)
        } catch {
            accuse(.certificates, "\(name) proves epochs badly: \(error)")
        }
        guard trail.newest > before else { return false }
        chronicle.note(
            world.now, name,
            "epoch \(trail.newest) has \(trail.newestSet.validators.count) validators")
        let waiting = early
        early = []
        for (evidence, name) in waiting { took(evidence, name) }
        return true
    }

    /// A page of a node's log, from the disk: the same blocks in the same places.
    func reread(_ blocks: [FinalizedBlock], from height: UInt64, of name: String) {
        for (index, block) in blocks.enumerated() {
            let height = height + UInt64(index)
            guard block.block.header.height.value == height else {
                return accuse(.oneHistory, "\(name)'s log has another block in place \(height)")
            }
            if let known = places[height], known.hash != block.block.hash {
                accuse(.oneHistory, "\(name)'s log has another block at height \(height)")
            }
            // The very block and proof that were checked before need no second check.
            if height <= history.count, history[Int(height) - 1].proof == block.proof { continue }
            check(block, name)
        }
    }

    /// A member holds a certificate: no other of its kind and slot is held by anybody.
    func holds(_ certificate: Certificate, _ name: String) {
        let statement = certificate.statement
        if let other = certificates.add(statement, in: certificate.epoch) {
            accuse(.certificates, "\(name) holds a certificate of \(statement), and of \(other)")
        }
    }

    /// A member has evidence: it proves what it says, of somebody who broke the rules.
    func took(_ evidence: EquivocationEvidence, _ name: String) {
        guard let validators = trail.validators(of: evidence.epoch) else {
            return early.append((evidence, name))
        }
        guard let place = evidence.offender(validators: validators, chain: genesis.chain) else {
            return accuse(.evidence, "\(name) took evidence that proves nothing")
        }
        let offender = validators.validators[place].key
        chronicle.note(
            world.now, name,
            "has evidence against \(names[offender] ?? "\(offender)"), slot \(evidence.slot)")
        acquit(offender, name)
    }

    /// A member has evidence against the owner of a lane.
    func took(_ evidence: LaneEvidence, _ name: String) {
        let epoch = evidence.first.header.epoch
        // Lanes are entered with the block before them, which the judge has not always seen yet.
        guard let validators = trail.validators(of: epoch) else { return }
        guard
            let place = evidence.offender(
                validators: validators, chain: genesis.chain, epoch: epoch)
        else { return accuse(.evidence, "\(name) took batches as evidence that prove nothing") }
        let offender = validators.validators[place].key
        chronicle.note(
            world.now, name,
            "has evidence against the lane of \(names[offender] ?? "\(offender)"), epoch \(epoch)")
        acquit(offender, name)
    }

    /// Nobody who keeps the rules is accused of breaking them.
    private func acquit(_ offender: PublicKey, _ name: String) {
        guard !suspects.contains(offender) else { return }
        accuse(
            .evidence,
            "\(name) holds evidence against \(names[offender] ?? "nobody"), who keeps the rules")
    }

    /// How a node stands: whom it accuses, and what it uses up.
    func saw(_ status: NodeStatus, of name: String) {
        for offence in status.offences { acquit(offence.publicKey, name) }
        for divergence in status.divergences { heed(divergence, name) }
        let appetite = Appetite(
            peers: peers, milliseconds: world.now.milliseconds(since: start))
        if let excess = appetite.excess(of: status) { accuse(.appetite, "\(name): \(excess)") }
        heights[name] = status.head.height.value
        complaints[name] = isCareless(name) ? nil : complaint(of: status)
    }

    /// What a node has to complain about, but for what the scenario has done to another.
    private func complaint(of status: NodeStatus) -> String? {
        // That another's state is spoilt is said for as long as it is.
        let known = hasMarred ? status.divergences.map { "\($0)" } : []
        return status.troubles.first { !known.contains($0) }
    }

    /// A node says that another's state is another: it is one that was spoilt, and nobody else's.
    private func heed(_ divergence: NodeStatus.Divergence, _ name: String) {
        guard alarming.contains(divergence.publicKey) else {
            let other = names[divergence.publicKey] ?? "\(divergence.publicKey)"
            return accuse(
                .alarms, "\(name) says that \(other) has another state at \(divergence.height)")
        }
        alarms.insert(.peerAlarm)
    }

    /// How a node stands whose state is spoilt: whether it knows.
    func sawMarred(_ status: NodeStatus) {
        if status.troubles.contains(where: { $0.contains("state of height") }) {
            alarms.insert(.ownAlarm)
        }
    }
}
