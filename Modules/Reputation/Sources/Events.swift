// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// What happens in this module; raw values are stable kinds.
public enum ReputationEventKind: UInt16, CaseIterable, Sendable {
    /// Evidence was added; the subject is the provider's account, the payload the ``Evidence``.
    case evidenceRecorded = 1
}

extension ExecutionContext {
    func emit(_ evidence: Evidence, about provider: AccountID) {
        emit(
            Event(
                module: .reputation, kind: ReputationEventKind.evidenceRecorded.rawValue,
                subject: provider.raw, payload: evidence.canonicalBytes))
    }
}
