// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Effects
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
}
