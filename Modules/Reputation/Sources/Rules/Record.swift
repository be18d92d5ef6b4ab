// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

extension ReputationModule {
    /// Adds evidence about a provider (REPUTATION-2); only other modules call this.
    ///
    /// Cost: two writes. It never refuses: evidence must not stop a settlement.
    public func record(
        _ kind: EvidenceKind, about provider: AccountID, job: JobID, in context: ExecutionContext
    ) {
        var standing = standing(of: provider, in: context)
        let evidence = Evidence(
            kind: kind, job: job, height: context.block.height, time: context.block.time)
        context.set(
            .reputation, ReputationKeys.evidence(of: provider, standing.total),
            evidence.canonicalBytes)
        standing.add(kind)
        standing.score = weights(in: context).score(of: standing)
        context.set(
            .reputation, ReputationKeys.standing(of: provider), standing.canonicalBytes)
        context.emit(evidence, about: provider)
    }
}
