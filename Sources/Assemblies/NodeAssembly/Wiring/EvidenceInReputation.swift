// SPDX-License-Identifier: Apache-2.0
import Ledger
import Market
import Reputation
import Vocabulary

/// The market's findings as evidence of the reputation module.
struct EvidenceInReputation: EvidenceBook {
    let reputation: ReputationModule

    func record(
        _ evidence: ProviderEvidence, provider: AccountID, job: JobID, in context: ExecutionContext
    ) {
        reputation.record(kind(of: evidence), about: provider, job: job, in: context)
    }

    private func kind(of evidence: ProviderEvidence) -> EvidenceKind {
        switch evidence {
        case .completed: .completed
        case .lied: .lied
        case .abandoned: .abandoned
        case .timedOut: .timedOut
        case .undetermined: .undetermined
        case .interrupted: .interrupted
        }
    }
}
