// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Effects
import Ledger
import Validators
import Vocabulary

/// One offence, proved, and how to bring it before the law.
struct Accusation {
    let offender: PublicKey
    let epoch: Epoch
    let kind: OffenceBook.Kind
    /// Where it happened, for people.
    let place: String
    /// The evidence itself.
    let bytes: [UInt8]
    /// What hands it in.
    let message: Message
}

extension Node {
    /// Keeps evidence of the machine, which has checked the signatures.
    func keep(_ evidence: EquivocationEvidence) async {
        counters.evidence += 1
        guard let offender = await offender(of: evidence) else { return }
        let isVotes = if case .votes = evidence { true } else { false }
        await keep(
            Accusation(
                offender: offender, epoch: evidence.epoch, kind: isVotes ? .votes : .proposals,
                place: "slot \(evidence.slot)", bytes: evidence.canonicalBytes,
                message: ValidatorsMessage.submitEvidence(evidence).message))
    }

    /// The same for two batches of one lane and height.
    func keep(_ evidence: LaneEvidence) async {
        counters.evidence += 1
        let header = evidence.first.header
        let set = await deciders(in: header.epoch)
        guard Int(header.lane) < set.count else { return }
        await keep(
            Accusation(
                offender: set[Int(header.lane)].key, epoch: header.epoch, kind: .batches,
                place: "batch \(header.height) of its lane", bytes: evidence.canonicalBytes,
                message: ValidatorsMessage.submitLaneEvidence(evidence).message))
    }

    /// Counts evidence against its offender and keeps it under its own hash: once, whatever
    /// happens in between (NODE-21).
    private func keep(_ accusation: Accusation) async {
        let offender = accusation.offender
        let count = offenceBook.count(accusation.kind, against: offender)
        // A validator that goes on is said to go on ever more seldom.
        if count.nonzeroBitCount == 1 {
            configuration.log(
                .error, "\(offender) contradicted itself in \(accusation.place), \(count) in all")
        }
        if offenceBook.isFirst(against: offender, in: accusation.epoch) { charge(accusation) }
        guard count <= OffenceBook.keptMax else { return }
        let path = "\(configuration.folder)/evidence"
        do {
            try await effects.disk.createFolder(path)
            try await effects.disk.replace(
                "\(path)/\(SHA256.hash(accusation.bytes))", with: accusation.bytes)
        } catch {
            configuration.log(.error, "the evidence cannot be kept: \(error)")
        }
    }

    /// Whose evidence it is.
    private func offender(of evidence: EquivocationEvidence) async -> PublicKey? {
        switch evidence {
        case .proposals(let first, _): return first.header.proposer
        case .votes(let first, _):
            let set = await deciders(in: evidence.epoch)
            return Int(first.validator) < set.count ? set[Int(first.validator)].key : nil
        }
    }

    /// The validators of an epoch, which may have ended since something was signed in it; none when
    /// it is not known here.
    private func deciders(in epoch: Epoch) async -> [Validator] {
        let present = machine.configuration
        guard epoch != present.epoch else { return present.validators.validators }
        return (try? await book.schedule(in: epoch).validators.validators) ?? []
    }

    /// Between the turns of two validators, in milliseconds: some blocks.
    private static let chargeTurnMilliseconds: UInt64 = 2_000
    /// The most a charge may cost whoever brings it.
    private static let chargeFeeMax = Amount(whole: 1)
    /// For how many blocks a charge may wait to be ordered.
    private static let chargeBlocksMax: UInt64 = 4_096

    /// Brings evidence before the law, each validator in its turn, so that as a rule one of them
    /// pays for it (NODE-21).
    private func charge(_ accusation: Accusation) {
        let own = configuration.identity.publicKey
        guard accusation.offender != own,
            let turn = machine.configuration.validators.index(of: own)
        else { return }
        effects.tasks.spawn("charge offender") { [effects] in
            await effects.time.sleep(milliseconds: UInt64(turn) * Self.chargeTurnMilliseconds)
            await self.bring(accusation)
        }
    }

    private func bring(_ accusation: Accusation) async {
        let offender = accusation.offender
        let epoch = accusation.epoch
        let punished = await read { state, _ in
            ValidatorsQueries(state).account(of: offender).map {
                state.value(.validators, ValidatorsKeys.offence(of: $0, in: epoch)) != nil
            }
        }
        guard isWorking, punished == false else { return }
        let key = configuration.identity
        let transaction = Transaction(
            chain: chain, sender: key.publicKey,
            nonce: await pendingNonce(of: AccountID(of: key.publicKey)),
            feeMax: Self.chargeFeeMax,
            validUntil: ledger.height.advanced(by: Self.chargeBlocksMax),
            messages: [accusation.message])
        do {
            try await submit(transaction.signed(by: key))
        } catch {
            configuration.log(
                .warning, "evidence against \(offender) is not handed in: \(error.name)")
        }
    }
}
