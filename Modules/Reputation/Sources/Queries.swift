// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

extension ReputationModule {
    /// How a provider stands; ``Standing/unknown`` when there is no evidence.
    public func standing(of provider: AccountID, in state: any StateReader) -> Standing {
        Self.decoded(state.value(.reputation, ReputationKeys.standing(of: provider))) ?? .unknown
    }

    /// A provider's evidence from number `from`, oldest first; at most `limit`.
    public func evidence(
        of provider: AccountID, from: UInt64 = 0, limit: Int = 100, in state: any StateReader
    ) -> [Evidence] {
        state.scan(
            .reputation, prefix: ReputationKeys.evidence(of: provider),
            after: from == 0 ? nil : ReputationKeys.evidence(of: provider, from - 1), limit: limit
        ).compactMap { Self.decoded($0.value) }
    }

    /// The weights of the score.
    public func weights(in state: any StateReader) -> ReputationWeights {
        Self.decoded(state.value(.reputation, ReputationKeys.weights)) ?? .standard
    }

    /// A stored value; what this module wrote always reads.
    static func decoded<Value: CanonicalCodable>(_ bytes: [UInt8]?) -> Value? {
        guard let bytes else { return nil }
        guard let value = try? Value(canonicalBytes: bytes) else {
            preconditionFailure("stored bytes of reputation do not read as \(Value.self)")
        }
        return value
    }
}
