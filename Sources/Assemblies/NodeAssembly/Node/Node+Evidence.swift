// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Effects
import Ledger
import Validators
import Vocabulary

extension Node {
    /// Counts evidence against its offender and keeps it under its own hash: once, whatever
    /// happens in between (NODE-21).
    func keep(_ evidence: EquivocationEvidence) async {
        counters.evidence += 1
        guard let offender = offender(of: evidence) else { return }
        let count = offenceBook.count(evidence, against: offender)
        // A validator that goes on is said to go on ever more seldom.
        if count.nonzeroBitCount == 1 {
            configuration.log(
                .error, "\(offender) contradicted itself in slot \(evidence.slot), \(count) in all")
        }
        if offenceBook.isFirst(evidence, against: offender) { charge(offender, with: evidence) }
        guard count <= OffenceBook.keptMax else { return }
        let path = "\(configuration.folder)/evidence"
        let bytes = evidence.canonicalBytes
        do {
            try await effects.disk.createFolder(path)
            try await effects.disk.replace("\(path)/\(SHA256.hash(bytes))", with: bytes)
        } catch {
            configuration.log(.error, "the evidence cannot be kept: \(error)")
        }
    }

    /// Whose evidence it is; the machine has checked the signatures.
    private func offender(of evidence: EquivocationEvidence) -> PublicKey? {
        switch evidence {
        case .proposals(let first, _): return first.header.proposer
        case .votes(let first, _):
            let set = machine.configuration.validators.validators
            return Int(first.validator) < set.count ? set[Int(first.validator)].key : nil
        }
    }

    /// Between the turns of two validators, in milliseconds: some blocks.
    private static let chargeTurnMilliseconds: UInt64 = 2_000
    /// The most a charge may cost whoever brings it.
    private static let chargeFeeMax = Amount(whole: 1)
    /// For how many blocks a charge may wait to be ordered.
    private static let chargeBlocksMax: UInt64 = 4_096

    /// Brings evidence before the law, each validator in its turn, so that as a rule one of them
    /// pays for it (NODE-21).
    private func charge(_ offender: PublicKey, with evidence: EquivocationEvidence) {
        let own = configuration.identity.publicKey
        guard offender != own,
            let turn = machine.configuration.validators.index(of: own)
        else { return }
        effects.tasks.spawn("charge offender") { [effects] in
            await effects.time.sleep(milliseconds: UInt64(turn) * Self.chargeTurnMilliseconds)
            await self.bring(evidence, against: offender)
        }
    }

    private func bring(_ evidence: EquivocationEvidence, against offender: PublicKey) async {
        let punished = await read { state, _ in
            ValidatorsQueries(state).account(of: offender).map {
                state.value(.validators, ValidatorsKeys.offence(of: $0, in: evidence.epoch)) != nil
            }
        }
        guard isWorking, punished == false else { return }
        let key = configuration.identity
        let transaction = Transaction(
            chain: chain, sender: key.publicKey,
            nonce: await pendingNonce(of: AccountID(of: key.publicKey)),
            feeMax: Self.chargeFeeMax,
            validUntil: ledger.height.advanced(by: Self.chargeBlocksMax),
            messages: [ValidatorsMessage.submitEvidence(evidence).message])
        do {
            try await submit(transaction.signed(by: key))
        } catch {
            configuration.log(
                .warning, "evidence against \(offender) is not handed in: \(error.name)")
        }
    }
}
